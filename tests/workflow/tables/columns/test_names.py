import pytest

from workflow.tables.columns.names import Role, role_of

USUAL = {
    Role.TEXT: (
        "具体内容 工作内容 任务内容 主要任务 重点任务 工作任务 任务分解 工作举措 具体措施 整改措施"
        " 工作事项 事项 工作要点 工作安排 推进措施 目标任务 任务名称 项目名称 建设内容 重点工作"
        " 问题及整改措施 内容"
    ),
    Role.LEADS: (
        "牵头单位 牵头部门 主办单位 责任单位 责任部门 主责单位 承办单位 落实单位 负责单位 实施单位"
        " 牵头责任单位 责任主体 承办部门 牵头科室 牵头（责任）单位 责任单位及责任人 市级牵头单位 牵头"
        " 责任"
    ),
    Role.SUPPORTS: "配合单位 协办单位 参与单位 协同单位 配合部门 协助单位 配合责任单位 成员单位 配合",
    Role.DUTIES: "牵头及配合单位 责任单位（牵头、配合） 牵头/配合单位 责任单位及配合单位",
    Role.DEADLINE: (
        "完成时限 完成时间 时间节点 整改时限 办结时限 时限要求 完成期限 推进时限 时间进度 进度安排"
        " 时间要求 截止时间 工作时限 计划完成时间 时限"
    ),
    Role.START: "开始时间 启动时间 开始 计划开始时间",
    Role.PERSON: "责任领导 分管领导 责任人 联系人 负责人 包抓领导 联系电话 责任单位负责人 牵头县领导 联络员",
    Role.TIME: "时间 日期",
    Role.NOTES: "备注 备注说明 附注",
    Role.NUMBER: "序号 任务编号",
    Role.SECTION: "类别 任务类别 重点领域 板块 重点工程",
    Role.PROBLEM: "问题 存在问题 反馈问题",
    Role.GOAL: "工作目标 预期成效 工作标准 整改目标 工作要求",
    Role.UNIT: "单位 部门 单位名称 行业主管部门 单位/部门",
    Role.GOODS: "数量 单价 规格型号",
    Role.OTHER: (
        "资金 资金来源 进展情况 完成情况 工作进展 工作进度 任务来源 是否完成 实际完成时间 下一步措施"
        " 各责任单位 一季度 备注：无"
    ),
}


@pytest.mark.parametrize(("name", "role"), [(name, role) for role, names in USUAL.items() for name in names.split()])
def test_role_of_usual_names(name: str, role: Role) -> None:
    assert role_of(name) is role


@pytest.mark.parametrize("name", ["", "甲", "教体局", "1", "长期坚持", "做好" * 30])
def test_role_of_what_is_no_name(name: str) -> None:
    assert role_of(name) is None


@pytest.mark.parametrize("cell", ["教育局牵头，财政局配合", "教育局（教育工委）牵头，财政局、各乡镇配合"])
def test_role_of_units_with_their_duties(cell: str) -> None:
    assert role_of(cell) is None


def test_role_of_a_name_stretched_over_its_cell() -> None:
    assert role_of("责 任\n单 位") is Role.LEADS


@pytest.mark.parametrize("name", ["培训内容", "课程", "会议议题", "讲座主题"])
def test_programme_of_a_training_is_no_task(name: str) -> None:
    assert role_of(name) is not Role.TEXT
