"""What a unit's name looks like: where one ends, and which names hold 和 or a line break without being two."""

import re

LONGEST_NAME = 60
BRACKETED = re.compile(r"[（(【\[〔][^（）()【】\[\]〔〕]*[)）】\]〕]$")

# A loose sign that a name is whole; 教育体 and 住房和城乡建 are not.
LAST_SIGN = "局委办部院会社队厅室所站处科股组馆校学镇乡村区县市旗府心司行厂场联协园道台团班门位面"

# Strict, for cutting at 和: 部 of 干部, 会 of 社会 and 局 of 布局 end no unit.
WHOLE = re.compile(
    "(?:(?<![布格结])局|厅|委|办|台|站|所|馆|室|中心|公司|集团|银行|(?:组织|宣传|统战|武装|人武|社工|社会工作)部"
    "|(?:法|检察|医|学|研究|福利)院|(?:委员|工|联合|协|商|管委|红十字|学|基金|常委)会|供销社|联社|[大支总中]队"
    "|(?:妇|残|文|侨|工商|社科)联|[科政记]协|(?:人民|[县市区乡镇])政府|乡镇|街道|[发园新]区|[学党]校|[中小]学|幼儿园|部门|单位)$"
)
AND = re.compile("以及|[和与及]")
# 县委和政府督查室 may be one or two; 各乡镇和街道, 教育局及所属单位, 政府和社会资本合作中心 are one.
PARTY = re.compile(".{0,3}[党县市区省旗]委")
GENERIC = re.compile(
    "社会资本|其|所属|下属|直属|辖|(?:街道(?:办事处|办)?|乡镇|园区|开发区|部门|单位|学校|中小学|幼儿园|社区|管委会)$"
)

# The offices of a county government whose long names are broken over the lines of a narrow cell.
OFFICES = (
    "教育 教育体育 发展和改革 发展改革 工业和信息化 工业信息化 工业信息化和商务 科学技术 公安 民政 "
    "司法 财政 人力资源和社会保障 人力资源社会保障 自然资源 生态环境 住房和城乡建设 住房城乡建设 "
    "交通运输 水务 水利 农业农村 商务 文化和旅游 文化旅游 文化旅游广电 文化旅游体育 文化广电旅游 "
    "卫生健康 退役军人事务 应急管理 审计 审批服务管理 行政审批服务 市场监督管理 市场监管 统计 "
    "医疗保障 乡村振兴 林业和草原 综合执法 城市管理 城市管理综合执法 信访 税务 气象 机关事务管理 "
    "民族宗教事务 国有资产监督管理 供销合作 大数据管理"
).split()
NAMES = (
    *(f"{office}{kind}" for office in OFFICES for kind in ("局", "委员会", "中心")),
    *("委员会办公室", "人民政府办公室", "办公室", "政府督查室", "委督查室", "机关事务服务中心", "融媒体中心"),
    *(
        "人民政府",
        "人民检察院",
        "人民法院",
        "消防救援大队",
        "街道办事处",
        "管理委员会",
        "供电公司",
        "红十字会",
        "工商联",
    ),
)
KNOWN = frozenset(NAMES)
BEGINNINGS = frozenset(name[:length] for name in NAMES for length in range(3, len(name)))
LONGEST_KNOWN = max(map(len, NAMES))
SHORT_REST = re.compile("[局部室厅处心会队委院府司站所校园学行]|.[局部室厅处队心府司会院]")
# Two signs that are a unit by themselves, not the rest of one.
OF_TWO = frozenset("法院 医院 学院 政府 工会 学会 协会 商会 公司 大队 支队 总队 中队".split())


def looks_whole(name: str) -> bool:
    """Whether the name ends as names of units do; what stands in brackets behind it does not count."""
    return BRACKETED.sub("", name.strip()).endswith(tuple(LAST_SIGN))


def is_broken(left: str, right: str) -> bool:
    """Whether two lines hold one name: 教育体 + 育局, 住房和城乡 + 建设局, 人力资 + 源和社会(保障局)."""
    if not left or not right:
        return False
    known = (left[-length:] + right for length in range(1, min(len(left), LONGEST_KNOWN) + 1))
    if len(right) <= LONGEST_KNOWN and any(name in KNOWN for name in known):
        return True
    if looks_whole(left):
        return False
    goes_on = left + right in BEGINNINGS and left not in OFFICES
    return goes_on or len(left) == 1 or bool(SHORT_REST.fullmatch(right) and right not in OF_TWO)


def cut_at_and(name: str) -> list[str]:
    """The names joined by 和, 与, 及, 以及: only where both sides are whole names (教育局和财政局), else as printed."""
    cuts = [0]
    if len(name) <= LONGEST_NAME and WHOLE.search(BRACKETED.sub("", name)):
        for found in AND.finditer(name):
            left = BRACKETED.sub("", name[cuts[-1] : found.start()])
            if WHOLE.search(left) and not PARTY.fullmatch(left) and not GENERIC.match(name, found.end()):
                cuts += [found.start(), found.end()]
    cuts.append(len(name))
    return [name[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True)]
