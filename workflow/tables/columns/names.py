"""What a column's name says about the column, before its neighbours and its cells are looked at."""

import re
import unicodedata
from enum import Enum, auto
from functools import lru_cache


class Role(Enum):
    """What a column says about a sub-item."""

    SECTION = auto()
    TASK = auto()
    TEXT = auto()
    SECTION_NUMBER = auto()
    TASK_NUMBER = auto()
    NUMBER = auto()
    LEADS = auto()
    SUPPORTS = auto()
    DUTIES = auto()  # leads and supports in one cell
    START = auto()
    DEADLINE = auto()
    NOTES = auto()
    OTHER = auto()  # not ours to understand: kept with the notes under its name
    # What a name alone may mean; settled by the neighbours.
    PROBLEM = auto()  # 存在问题: the task, or the text where nothing else is
    GOAL = auto()  # 工作目标: the text only where nothing else is
    PERSON = auto()
    TIME = auto()  # a bare 时间: the deadline, or when a meeting is
    UNIT = auto()  # a bare 单位: who does it, or how goods are measured
    GOODS = auto()  # 数量, 单价: a shopping list


# What to call a column in a sentence where the table has no name for it.
NAMES = {
    Role.TEXT: "具体内容",
    Role.LEADS: "牵头单位",
    Role.SUPPORTS: "配合单位",
    Role.DEADLINE: "完成时限",
    Role.START: "开始时间",
    Role.NOTES: "备注",
}

UNIT = "(?:单位|部门|科室|股室|处室|主体|机构|机关|专班)"
LEADING = "(?:牵头|主办|主责|主抓)"
LEAD = f"(?:{LEADING}|承办|责任|落实|实施|负责|执行|办理|整改)"
AND = "[及和与或、/,;]"
SUPPORT = "(?:配合|协办|协同|协助|协作|参与|参加|会办|联办)"
PERSON = "(?:领导|负责人|责任人|联系人|经办人|承办人|牵头人|督办人|联络员|联络人)"
CONTENT = "内容|任务|措施|举措|事项|要点"

# Columns that report or describe: 工作进展 is no task though it says 工作; 考核内容 and 资金安排事项 are.
REPORTS = (
    "进展|进度$|情况|成果|完成率|状态|来源|依据|资金|投资|经费|预算|地点|地址|分值|得分|考核|评分|评价|佐证|材料|亮点|困难"
    "|是否|频次|性质|方式"
)
PROGRAMME = "培训|课程|授课|讲座|会议|议题|议程"  # of a training or a meeting: nothing anybody is to carry out
PERIOD = "第?[一二三四1-4]季度|[上下]半年|[0-9]{1,2}月份?|20[0-9]{2}年度?"
DONE = "(?:完成|办结|整改|结束|推进|实施|落实|销号|落地|竣工|终止|达成|计划)"

# First match wins: 牵头领导 is a person, 工作时限 a deadline.
COLUMN_NAMES = tuple(
    (role, re.compile(words))
    for role, words in (
        (Role.OTHER, rf"^(?:各|有关|相关|其他|其它)|[：:].|实际|^(?:{PERIOD})$|^下一?步"),
        (Role.OTHER, f"^(?:{PROGRAMME})+(?:内容|主题|名称|事项|题目)?$"),
        (Role.DUTIES, rf"(?:{LEADING}|{LEAD}{UNIT})(?:责任)?{UNIT}?{AND}?{SUPPORT}"),
        (Role.LEADS, rf"{LEAD}{UNIT}\(?(?:及|和|与|、|/|\(){LEAD}?{PERSON}"),
        (Role.SUPPORTS, rf"{SUPPORT}{UNIT}\(?(?:及|和|与|、|/|\(){SUPPORT}?{PERSON}"),
        (Role.PERSON, rf"{PERSON}|^(?:姓名|职务|人员|县长|书记)$|电话|手机|联系方式"),
        (Role.SUPPORTS, rf"^{SUPPORT}(?:方|者)?$|{SUPPORT}(?:责任|落实|实施)?{UNIT}|^成员单位$"),
        (Role.LEADS, rf"^{LEAD}$|{LEAD}(?:责任|落实|实施|办理)?{UNIT}"),
        (Role.START, "^(?:计划|拟)?(?:开始|启动|起始|开工|起)(?:时间|日期|年月)?$"),
        (Role.DEADLINE, "时限|期限|时间(?:节点|要求|安排|进度|计划)|进度(?:安排|要求)|计划完成|截止|截至"),
        (Role.DEADLINE, rf"{DONE}的?(?:时间|日期|时点|年度|年限|节点)|^(?:结束|完成|止|节点)$"),
        (Role.TIME, "^(?:时间|日期)$"),
        (Role.GOODS, "数量|单价|金额|规格|型号|总价|价格|品牌|计量"),
        (Role.OTHER, f"^(?!.*(?:{CONTENT})$).*(?:{REPORTS})"),
        (Role.NOTES, "^(?:备注|附注|注|说明)|备注$"),
        (Role.NUMBER, "序号|编号|^序$|^号$|^项次$|^NO[.．]?$"),
        (Role.UNIT, rf"^{UNIT}(?:[/、或]?{UNIT})*(?:名称)?$|(?:建设|业主|主管|所在|承担|分工){UNIT}$|^工作专班$"),
        (Role.PROBLEM, f"问题(?!.*(?:{CONTENT}))"),
        (Role.TEXT, f"(?:{CONTENT})[及和与、]"),
        (Role.GOAL, "(?:目标|成效|效果|标准|要求|指标|结果)$"),
        (Role.SECTION, f"^(?!.*(?:{CONTENT})$).*(?:类别|分类|类型|板块|领域|方面|专项|一级)|(?:工程|行动)(?:名称)?$"),
        (Role.TEXT, f"{CONTENT}|工作|项目|安排|建议|清单|行动|工程|职责|分工|[议主标]题|^名称$"),
    )
)
LONGEST_NAME = 24
# With what stands in brackets: 责任单位（排第一位的为牵头单位）.
LONGEST_PRINTED = 40
# 责任单位（牵头、配合）; not 教育局（教育工委）牵头，财政局配合, which stands in a cell.
BOTH_DUTIES = re.compile(rf"^{LEADING}.*{SUPPORT}|.\([^)]*{LEADING}[^)]*{SUPPORT}")
FIRST_LEADS = re.compile(r"第一|首位|排名?(?:首|在?前)")


@lru_cache(maxsize=4096)
def role_of(name: str) -> Role | None:
    """What a column of this name is, None for a name that says nothing to us."""
    if len(name) > LONGEST_PRINTED:
        return None
    whole = "".join(unicodedata.normalize("NFKC", name).split())
    plain = re.sub(r"\(.*?\)", "", whole)
    if len(plain) > LONGEST_NAME:
        return None
    if plain != whole and BOTH_DUTIES.search(whole):
        return Role.DUTIES
    return next((role for role, words in COLUMN_NAMES if words.search(plain)), None)


def role_below(name: str, above: str) -> Role | None:
    """The same for a name in the second row of a header: 单位 below 牵头 is what stands above it says."""
    role = role_of(name)
    return role_of(above) if role in (None, Role.UNIT) and above else role
