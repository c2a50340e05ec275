"""The words by which a number in a text is known to be a target: measures, verbs of making, comparisons, rhythms."""

import re

from workflow.states import Frequency

# A measure is none where it begins another word: 5个月, 3场所, 10条例.
COUNTS = (
    "人次|场次|所(?![有属需]|以(?!上))|个(?!月|工作日|自然日|小时|百分点)|名|场(?![所地景])|次|门(?!类)|节(?!能|点)|套|间"
    "|台(?!账)|件|项|家|处(?!室)|条(?!例)|篇|部(?!门|分)|册|座(?!谈)|栋|幢|户|辆|支|本(?!科|地|级)|期(?![间末])|批|片"
    "|块|株|棵|份|对(?!接)|轮|张|位|床|人(?!才|员)"
)
SIZES = "平方米|平方公里|公里|千米|公顷|亩|吨|元|米|小时|学时|课时|分钟|千瓦时|千瓦"
RATES = "%|个百分点"
ARABIC = "[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\\.[0-9]+)?"
CHINESE = "[一二两三四五六七八九十百]{1,4}"
# Not in 第3条, 3-5名, 2.0, 〔2021〕5号, 1+3.
NUMBER = re.compile(
    rf"(?<![0-9][-~～—－至到])(?<![0-9.,第+＋〔\[a-zA-Z一二两三四五六七八九十百千万])"
    rf"(?:(?P<value>{ARABIC})[余多]?(?P<unit>[十百千万亿]?(?:{COUNTS}|{SIZES})|{RATES})"
    rf"|(?P<chinese>{CHINESE})(?P<measure>所(?![有属需以])|[个名家支场次座处间门节轮期]))"
    r"(?P<bound>及?以上|及?以下|以内|左右)?"
)
SMALL = frozenset("所 座 家 处 间".split())  # 新建一所 is one; 一个, 一支, 一批 count nothing
OCCASIONS = frozenset("次 场 轮 期".split())  # 每年开展一次
# What two or three of may be made. 三个机制 and 三个课堂 are names, not numbers.
CONCRETE = re.compile(
    "(?:基地|工作室|站|点|室|园|校|中心|团队|社团|场馆|馆|项目|示范区|小区|村|社区|广场|企业|品牌|班)$"
)
ABSTRACT = re.compile(
    "(?:机制|体系|制度|格局|课堂|统一|方面|环节|阶段|关系|转变|意识|自信|维护|层面|原则|要素|优先|到位)$"
)

VERB = (
    "新建|改建|扩建|改扩建|新改扩建|迁建|续建|建设|建成|建立|创建|打造|培育|培养|选树"
    "|评选|表彰|认定|命名|培训|轮训|引进|引入|招聘|招录|选聘|聘请|选派|配备|配置|补充"
    "|新增|增加|增设|设立|开设|举办|开展|组织|召开|投入|完成|筹集|争取|发放|购置|采购"
    "|更新|改造|维修|改善|整治|化解|创作|编写|编制|制定|出台|遴选|推广|覆盖|服务|惠及"
    "|资助|救助|受理|查处|检查|抽查|督导|走访|慰问|种植|发展|申报|获得|推出|发布|组建"
    "|成立|签约|储备|孵化|消除|减少|设置|扩大|扶持|招收|招引|安置|帮扶|治理|修复|安装"
    "|铺设|淘汰|盘活|实施|推进|落实(?=资金|经费|专项|财政)"
)
# These are as often part of a thing's name (质量监测点); they count directly before the number: 每月通报1次.
OCCASION = "通报|调度|报送|演练|研判|会商|巡查|排查|监测|评估|考核|调研|家访|轮换|体检|更换"
VERBS = re.compile(f"(?:{VERB})+")
ABOUT = "(?:至少|不少于|不低于|不得少于|达到|达|约|近|共计?|总计|合计|一般|不超过|各|超过|[≥≤>])"
VERBS_BEFORE = re.compile(f"(?:{VERB}|{OCCASION}){{1,6}}(?={ABOUT}{{0,2}}$)")
ABOUT_END = re.compile(f"{ABOUT}{{1,2}}$")
COMPARED = re.compile(
    "(?:(?:分别)?(?:达到|达|提高[到至]|提升[到至]|增加[到至]|增长[到至]|上升[到至]|降低[到至]|下降[到至]|降[到至]|(?:控制|保持|稳定|维持)在"
    "|不得?(?:低于|少于|高于|超过)|高于|低于|超过|大于|小于|不小于|为|[≥≤＞＜>]=?|<=?))约?$"
)
# A name of nothing without the clause before it, or one that a later word completes (10个省级、20个市级示范点).
INCOMPLETE = re.compile("占比|比例|比重|.*级")
# A share needs no comparison behind these: 收入增长10%, 覆盖率100%.
SHARE_NAME = re.compile("(?:(?:提高|提升|增长|增加|上升|下降|降低|减少|压减)约?|率|比例|占比|比重|覆盖面)$")
REACHED = re.compile("(?:达标|全?覆盖|合格|到位|持证上岗|完成|办结)(?=$|[、和并])")
COUNTED = re.compile("[所个名家场次处项支门节套间期]")
PART_ENDS = re.compile("$|[、（]|以及|[和及与并]")
CONNECTED = re.compile("^(?:、|以及|[和及与并])+|(?:、|以及|[和及与并])+$")

RHYTHM = re.compile("每个?(?P<length>半年|年|季|月)度?|(?P<mean>年均)")
FREQUENCIES = {
    "年": Frequency.YEARLY,
    "半年": Frequency.HALF_YEARLY,
    "季": Frequency.QUARTERLY,
    "月": Frequency.MONTHLY,
}
# What else a number is for: 每三年, 每校, 各乡镇. It stays in the label, for the number alone would say too much.
SHARED = re.compile("每(?!个?(?:半年|年|季|月))|各(?!类|级|项|种)")
# Words at the beginning that say how or by when, not what.
LEAD_IN = re.compile(
    "^(?:(?:到|至|在|于)?20[0-9]{2}年(?:[0-9]{1,2}月)?年?[底末]?(?:之?前)?"
    "|力争|争取(?!.{0,4}资金)|确保|保证|实现|努力|着力|积极|精心|大力|逐步|稳步|持续|进一步|全面|切实|加快|重点|计划|其中|并|且|将|使|基本|至少|严格|深入|[、和及与])+"
)
