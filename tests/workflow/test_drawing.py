"""Drawing by lot: fixed vectors, what no order of the input may change, and the published recipe in a real shell."""

import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import drawing
from workflow.drawing import Candidate, Record, Unreadable, draw, faults, read

UIDS = st.lists(st.uuids().map(str), max_size=30)
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)


def test_tickets_are_what_sha256sum_prints() -> None:
    """printf '%s' "seed:a" | sha256sum"""
    assert {uid: drawing.ticket("seed", uid) for uid in "abc"} == {
        "a": "30558342c32f2898fcfee0a91d8946db80e7ae03832dda92c112682334438728",
        "b": "e3620cd02c646b3b80f7a905338e4eef71b659f86efd638de11c926e42e143d4",
        "c": "e1c7f5d0e759257babc8d5a4daa8600b58927d2afe696827f21ac119d8d51f03",
    }
    assert [draw("seed", "abc", size) for size in (0, 1, 2, 9)] == [[], ["a"], ["a", "c"], ["a", "c", "b"]]


def test_the_seed_is_what_sha256sum_prints() -> None:
    """printf 'a 1 2 h 1.1\\n' | sha256sum, and that of the three lines it is the last of."""
    seed = drawing.seed_of("福彩 3D", "5" * 64, drawing.seal_of(["a 1 2 h 1.1"]))
    assert seed == "9b9ebb937ef614e7385612e54c46927ad120164596085f55533393cd07bbd452"


@given(UIDS, WORDS, st.integers(0, 40), st.randoms())
def test_order_and_repetition_of_the_input_do_not_matter(uids: list[str], seed: str, size: int, order: object) -> None:
    shuffled = uids + uids[:3]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(seed, shuffled, size) == draw(seed, uids, size)


@given(UIDS, WORDS, st.integers(0, 40))
def test_one_more_drawn_adds_one_and_takes_none_away(uids: list[str], seed: str, size: int) -> None:
    fewer, more = draw(seed, uids, size), draw(seed, uids, size + 1)
    assert more[:size] == fewer
    assert len(more) == min(size + 1, len(set(uids)))


@given(UIDS, WORDS, st.integers(1, 40), st.uuids().map(str))
def test_another_candidate_pushes_out_at_most_the_last(uids: list[str], seed: str, size: int, other: str) -> None:
    before, after = draw(seed, uids, size), draw(seed, [*uids, other], size)
    assert set(after) <= {*before, other} and len(set(before) - set(after)) <= 1


def test_every_candidate_is_drawn_about_as_often() -> None:
    uids = [f"uid-{n}" for n in range(8)]
    drawn = Counter(uid for seed in range(4000) for uid in draw(str(seed), uids, 2))
    assert set(drawn) == set(uids)
    assert all(abs(times - 1000) < 120 for times in drawn.values())  # four standard deviations


# --- the published record ---------------------------------------------------------------------------------------------
def candidate(place: int, number: str = "") -> Candidate:
    uid = f"00000000-0000-4000-8000-{place:012d}"
    return Candidate(uid, 5 + place, 6 + place, drawing.fingerprint(str(place)), number or f"{place}.1")


RECORD = Record(
    plan="平罗县基础教育质量提升行动",
    number=1,
    closed="2022-01-01 2022-03-31",
    size=3,
    by="政府督查室 李志强",
    at="2022-04-02T10:00:00+08:00",
    public="福彩 3D 第2022081期 4 0 7",
    system="5" * 64,
    next="6" * 64,
    candidates=tuple(candidate(place) for place in (3, 1, 2, 5, 4, 7, 6)),
)


def test_a_record_reads_back_and_repeats() -> None:
    text = RECORD.written()
    again = read(text)
    assert (again.seed, again.drawn, again.written()) == (RECORD.seed, RECORD.drawn, text)
    assert faults(text) == faults(text.replace("\n", "\r\n")) == []


@given(
    st.lists(WORDS.filter(bool), min_size=1, max_size=4).map(" ".join),
    st.lists(
        st.tuples(st.integers(1, 10**6), WORDS.filter(bool)), unique_by=lambda each: each[0], min_size=1, max_size=9
    ),
    st.integers(1, 12),
)
def test_whatever_was_typed_a_record_reads_back(public: str, numbers: list[tuple[int, str]], size: int) -> None:
    candidates = tuple(candidate(place, number) for place, number in numbers)
    record = replace(RECORD, public=public, candidates=candidates, size=size, plan=public)
    assert faults(record.written()) == []
    assert set(read(record.written()).candidates) == set(candidates)


@pytest.mark.parametrize(
    ("this", "that", "told"),
    [
        ("4 0 7", "4 0 8", "种子不是由公开数"),
        ("5" * 64, "5" * 63 + "4", "种子不是由公开数"),
        ("# size: 3", "# size: 2", "抽中的不是按种子排在最前的 2 项"),
        ("000000000004 9 10", "000000000004 9 11", "种子不是由公开数"),
        (f"# seed: {RECORD.seed}", f"# seed: {'0' * 64}", "种子不是由公开数"),
        (f"# drawn: {RECORD.drawn[0].uid}", f"# drawn: {RECORD.drawn[1].uid}", "抽中的不是按种子"),
        ("# plan: 平罗县", "#  plan: 平罗县\n# plan: 平罗县", "次序或写法与公布的不同"),
    ],
)
def test_a_changed_record_says_what_does_not_follow(this: str, that: str, told: str) -> None:
    text = RECORD.written()
    assert this in text
    assert told in "".join(faults(text.replace(this, that, 1)))


def test_leaving_a_candidate_out_shows() -> None:
    lines = RECORD.written().split("\n")
    fewer = [line for line in lines if not line.startswith(candidate(4).uid)]
    assert len(fewer) == len(lines) - 1
    assert faults("\n".join(fewer))


@pytest.mark.parametrize(
    "text",
    ["", "你好", "# format: luoshi-draw 2\n", "# format: luoshi-draw 1\n# plan: x\n", "\0", "#", "# : "],
)
def test_what_is_no_record_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize("line", ["nonsense", "a b c d e", "a 1 -2 h 1.1", "a 1 ２ h 1.1", "a 1 99999999999 h 1.1"])
def test_a_line_that_is_no_candidate_is_unreadable(line: str) -> None:
    with pytest.raises(Unreadable):
        read(RECORD.written() + line + "\n")


def test_the_recipe_in_a_shell_comes_to_the_same(tmp_path: Path) -> None:
    """sha256sum, grep, sed, sort and head alone; what is typed cannot act in it."""
    record = replace(RECORD, public='\'; $(touch broken) `x` \\n %s "头版" # drawn: 9.9')
    (tmp_path / "draw.txt").write_text(record.written(), encoding="utf-8")
    script = f"f=draw.txt\n{drawing.RECIPE}"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    seed, *rows = done.stdout.splitlines()
    assert seed == record.seed
    assert [row.split(" ")[-1] for row in rows] == [each.number for each in record.drawn]
    assert [row.split(" ")[0] for row in rows] == [drawing.ticket(seed, each.uid) for each in record.drawn]
    assert done.stderr == "" and not (tmp_path / "broken").exists()


def test_the_recipe_is_the_one_in_the_docs() -> None:
    page = Path(drawing.__file__).parents[1] / "docs/drawing.md"
    assert drawing.RECIPE in page.read_text(encoding="utf-8")
