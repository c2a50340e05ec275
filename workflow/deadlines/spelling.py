"""One spelling for everything a deadline cell can hold, and the words around a date that do not change it."""

import re
import unicodedata

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―─━−～〜－", "-"))
CHINESE_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
# 二○二四, 二零二四 and the typed zeros and letters that stand in for 〇.
YEAR_DIGITS = CHINESE_DIGITS | dict.fromkeys("零○0OoОо", 0)
CHINESE_YEAR = re.compile(f"[{''.join(YEAR_DIGITS)}]{{4}}(?=年)")
CHINESE_DAY = re.compile("(?:二|三)?十[一二三四五六七八九]?(?=[月日号])|[一二三四五六七八九](?=[月日号])")
# 24年12月 means 2024; 24年 alone may as well be a length of time.
SHORT_YEAR = re.compile(r"(?<![0-9])(?=[23][0-9]年[0-9]{1,2}月)")

# The time of day of a date cell (midnight, because Excel writes one) or of a last day. A midnight printed by a person
# (7月1日0时前) ends the day before: it is left standing, so that a person reads it.
ISO_TIME = re.compile(r"(?<=[0-9])[T ] ?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?$")
HOUR = re.compile(
    r"(?:(?<=[日号]) ?|(?<=[0-9])[T ])(?:上午|下午|中午|晚上?|早上?)? ?(?:0?[1-9]|1[0-9]|2[0-4]) ?"
    r"(?:[时点](?:整|半|[0-9]{1,2}分?)?|:[0-9]{2}(?::[0-9]{2})?)(?= ?(?:之?前|以前|$))"
)
WEEKDAY = re.compile(r"\((?:星期|周)[一二三四五六日天]\)")

LABEL = "(?:完成|办结|整改)?(?:时限|期限|时间)(?:要求|节点)?(?:为|是|:)"
FROM_NOW = "(?:自|从)?(?:即日|现在|印发之日|发文之日|发布之日)(?:起|开始),?(?:截止到|至|到|-+)"
BEFORE = re.compile(
    rf"^(?:{LABEL}|{FROM_NOW}|原则上|力争|力求|争取|确保|务必|务求|必须|计划|预计|预期|最迟|最晚|不迟于|不晚于|截止到"
    "|截至|截止|赶在|限于|限期|限|应|须|到|至|于|在|自|从|[,:])+"
)
RESULT = "(?:取得|达到|见到|初见)?(?:阶段性|明显|显著|实质性|积极|初步|预期)?(?:成效|实效|成果|进展|目标|要求|效果)"
AFTER = re.compile(
    "(?:之前|以前|前|为止|止|之内|以内|基本|全面|全部|如期|按期|并|完成|完毕|完工|任务|工作|整改|到位|落实|落地|见效"
    f"|见成效|{RESULT}|建成|投入使用|投用|竣工|交付|验收|通过|达标|销号|清零|办结|结束|[,;.。、])+$"
)


def plain(text: str) -> str:
    """The cell in one form: ASCII digits and dashes, no white space, no time of day, no brackets around the whole."""
    text = unicodedata.normalize("NFKC", text.translate(DASHES)).translate(DASHES)
    text = WEEKDAY.sub("", " ".join(text.split()))
    text = HOUR.sub("", ISO_TIME.sub("", text))
    text = re.sub(r"[\s\"'“”‘’「」]+", "", text)
    text = CHINESE_YEAR.sub(lambda found: "".join(str(YEAR_DIGITS[digit]) for digit in found[0]), text)
    text = CHINESE_DAY.sub(lambda found: str(_number(found[0])), text)
    return _unwrapped(SHORT_YEAR.sub("20", text))


def core(printed: str) -> str:
    """Without the words around a date that do not change it: 力争到…, …之前完成."""
    return AFTER.sub("", BEFORE.sub("", printed))


def _unwrapped(text: str) -> str:
    inside = re.fullmatch(r"[(【\[]([^()【】\[\]]*)[)】\]]", text)
    return inside[1] if inside else text


def _number(chinese: str) -> int:
    """A Chinese number up to 39, as months and days are written: 六, 十二, 二十八."""
    tens, ten, ones = chinese.rpartition("十")
    if not ten:
        return CHINESE_DIGITS[ones]
    return CHINESE_DIGITS.get(tens, 1) * 10 + CHINESE_DIGITS.get(ones, 0)
