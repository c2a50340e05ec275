"""Which of a region's units a printed name means: certain where it is the same name, else proposals for a person.

Two spellings are the same name only where nobody could mean another unit by them. Likeness is that of Chinese
abbreviations, whose characters stand in the full name in the same order: 人社局 in 人力资源和社会保障局.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_PROPOSED = 5
LONGEST = 64  # of a name that is compared; what is longer is a sentence
COMPARED = 24  # names that are looked at closely for one printed name

REGION = re.compile("(.+?)(自治[县旗州区]|[县市区旗州盟省])")
BRACKETS = str.maketrans("〔〕[]【】{}〈〉<>", "()()()()()()")
# Between the characters of a name these say nothing: white space, quotation marks, invisible signs.
MUTE = re.compile("[\\s\"'`“”‘’「」『』《》\\u00ad\\u200b-\\u200f\\u2060\\ufeff]")
COMMITTEE = re.compile("(?<=[县市区旗州])委员会")
PARTY = re.compile("^(?:中共|中国共产党)(?=.)")
OFFICE = re.compile("(?<=[乡镇])(?P<bracket>\\)?)政府$|(?<=苏木)政府$|(?<=街道)办(?:事处)?$")
# 县中学 is one school, 中学 is all of them; 县委办 is one office, 委办 none.
NEEDS_LEVEL = re.compile("委.*|政府|(?:人民)?医院|中学|小学|学校|幼儿园|派出所|街道|.?")

# Words that many units share say little about which one is meant.
COMMON = re.compile("[县市区旗州]委|政府|(?<=管)理|服务|事务|工作|机构|领导小组|[县各和与及]")
CLOSING = re.compile("(?:委员会|办公室|中心|公司|大队|合会|街道|[局委办部室会院处所站校镇乡])+$")
LITTLE = 0.25
KINDS = {"办公室": "办", "委员会": "局", "委": "局"}
KIND = re.compile("(?:办公室|委员会|委)$")
# A slip of the eye or the keyboard (教休局, 卫建局) leaves this much of a character. Unicode orders characters by
# radical and strokes, GB 2312 the usual ones by sound: near there means alike.
SLIP, LOOKS, SOUNDS = 0.5, 80, 20

# Tried on the names of the tests: 统计局 covers 0.56 of 审计局, 红岩子乡 0.69 of 红崖子乡.
LEAST_COVERED = 0.68
# One telling character (编办, 团委) is enough only between bodies of one kind, and where neither says much else.
TWO_TELLING, LEAST_SHARED = 2.0, 0.4
OTHER_KIND = 0.9


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as the region writes it: short name, full name, aliases."""

    key: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The unit meant, or () with proposals, best first; more than one key means that the name is ambiguous."""

    keys: tuple[int, ...]
    similar: tuple[int, ...]


class Names:
    """The units of a region by every name; made once, asked for many."""

    def __init__(self, known: Iterable[Known], *, region: str = "") -> None:
        self._region = _Region(region)
        self._keys: dict[str, list[int]] = {}  # by each spelling, in the order of the units
        outlines: dict[tuple[int, str], _Outline] = {}
        for unit in known:
            for spelling in {spelling for name in unit.names for spelling in self._region.spellings(name)}:
                self._keys.setdefault(spelling, []).append(unit.key)
            for name in unit.names:
                outline = _outline(self._region.core(name))
                outlines[unit.key, outline.text] = outline
        self._outlines = [(key, outline) for (key, text), outline in outlines.items() if len(text) <= LONGEST]
        self._with: dict[str, list[int]] = {}  # places in _outlines, by telling character
        for place, (_key, outline) in enumerate(self._outlines):
            for sign in outline.telling():
                self._with.setdefault(sign, []).append(place)

    def match(self, printed: str) -> Match:
        """The unit that is called so, or those it might be."""
        spellings = self._region.spellings(printed)
        if keys := tuple(dict.fromkeys(key for name in spellings for key in self._keys.get(name, ()))):
            return Match(keys, ())
        outline = _outline(self._region.core(printed))
        return Match((), tuple(self._similar(outline)) if len(outline.text) <= LONGEST else ())

    def _similar(self, printed: "_Outline") -> list[int]:
        """Best first."""
        best: dict[int, float] = {}
        for key, outline in self._near(printed):
            likeness = _likeness(printed, outline)
            if likeness > best.get(key, 0.0):
                best[key] = likeness
        return sorted(best, key=best.__getitem__, reverse=True)[:MOST_PROPOSED]

    def _near(self, printed: "_Outline") -> Iterator[tuple[int, "_Outline"]]:
        """The names that share the most telling characters, relative to what both say."""
        shared = Counter(place for sign in printed.telling() for place in self._with.get(sign, ()))
        share = {place: n / (printed.total + self._outlines[place][1].total) for place, n in shared.items()}
        for place in sorted(share, key=lambda place: (-share[place], place))[:COMPARED]:
            yield self._outlines[place]


class _Region:
    """What a region's own name adds to the names of its units: 平罗县教体局, 平罗教体局 and 县教体局 are one."""

    def __init__(self, name: str) -> None:
        plain = _plain(name)
        found = REGION.fullmatch(plain)
        stem, suffix = found.groups() if found else (plain, "")
        self._level = suffix[-1:]
        own = (plain, suffix if len(suffix) > 1 else "", stem if len(stem) > 1 else "")
        self._own = re.compile("|".join(re.escape(words) for words in own if words) or "(?!)")

    def spellings(self, name: str) -> Iterator[str]:
        """What the name may be written as; names with a spelling in common are the same."""
        plain = PARTY.sub("", _plain(name))
        if own := self._own.match(plain):
            plain = self._level + plain[own.end() :]
        plain = COMMITTEE.sub("委", plain.replace("人民政府", "政府"))
        plain = OFFICE.sub(r"\g<bracket>", plain)
        if plain:
            yield plain
        if self._level and plain.startswith(self._level) and not NEEDS_LEVEL.fullmatch(plain[1:]):
            yield plain[1:]

    def core(self, name: str) -> str:
        """The name without what all names of the region may carry."""
        *_, shortest = "", *self.spellings(name)
        return re.sub("[()]", "", self._own.sub(self._level, shortest))


def _plain(name: str) -> str:
    """One form for full and half width, brackets and white space."""
    return MUTE.sub("", unicodedata.normalize("NFKC", name)).casefold().translate(BRACKETS)


@dataclass(frozen=True, slots=True)
class _Outline:
    """A name and how much each of its characters says about which unit is meant."""

    text: str
    weights: tuple[float, ...]
    total: float

    def telling(self) -> set[str]:
        return {sign for sign, weight in zip(self.text, self.weights, strict=True) if weight == 1}

    @property
    def kind(self) -> str:
        """What sort of body it is; 局 and 委 are often renamed into each other."""
        return KIND.sub(lambda found: KINDS[found[0]], self.text)[-1:]


def _outline(text: str) -> _Outline:
    weights = [1.0] * len(text)
    for words in (COMMON, CLOSING):
        for found in words.finditer(text):
            weights[found.start() : found.end()] = [LITTLE] * (found.end() - found.start())
    if 1.0 not in weights:  # 政府办: nothing but common words, so these must tell
        weights = [1.0] * len(text)
    return _Outline(text, tuple(weights), sum(weights))


def _likeness(one: _Outline, other: _Outline) -> float:
    """From 0, clearly another unit, to 1: how much of the shorter name stands in the other, and how much of both."""
    same_kind = one.kind == other.kind
    common = _common(one, other, slips=same_kind)
    covered, shared = common / min(one.total, other.total), 2 * common / (one.total + other.total)
    if covered < LEAST_COVERED or (common < TWO_TELLING and not (same_kind and shared >= LEAST_SHARED)):
        return 0.0
    return (2 * covered + shared) / 3 * (1.0 if same_kind else OTHER_KIND)


def _common(one: _Outline, other: _Outline, *, slips: bool) -> float:
    """The weight of the characters that stand in both names in the same order."""
    row = [0.0] * (len(other.text) + 1)
    for sign, weight in zip(one.text, one.weights, strict=True):
        above, row = row, [0.0]
        for place, (facing, value) in enumerate(zip(other.text, other.weights, strict=True)):
            best = max(above[place + 1], row[place])
            if sign == facing:
                best = max(best, above[place] + min(weight, value))
            elif slips and weight == value == 1 and _is_slip(sign, facing):
                best = max(best, above[place] + SLIP)
            row.append(best)
    return row[-1]


@lru_cache(maxsize=10_000)
def _is_slip(one: str, other: str) -> bool:
    return abs(ord(one) - ord(other)) <= LOOKS or abs(_sound(one) - _sound(other)) <= SOUNDS


def _sound(sign: str) -> float:
    """The place among the usual characters, which GB 2312 orders by sound; far from all others for the rest."""
    row, cell = (*sign.encode("gb2312", "ignore"), 0, 0)[:2]
    return row * 94 + cell if 0xB0 <= row <= 0xD7 else float("inf")
