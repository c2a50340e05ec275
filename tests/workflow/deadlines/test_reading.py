from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadlines import Deadline, lacks_year, read_deadline, why_unknown
from workflow.states import DeadlineKind, Frequency

UNKNOWN = Deadline(DeadlineKind.UNKNOWN)
END_OF_2024 = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("2025年", date(2025, 12, 31)),
        ("2025", date(2025, 12, 31)),
        ("２０２５年", date(2025, 12, 31)),
        ("二〇二五年", date(2025, 12, 31)),
        ("二零二五年", date(2025, 12, 31)),
        ("二0二五年", date(2025, 12, 31)),
        ("2025年度", date(2025, 12, 31)),
        ("2025年全年", date(2025, 12, 31)),
        ("2025年前", date(2025, 12, 31)),
        ("2025年底", date(2025, 12, 31)),
        ("2025年年底", date(2025, 12, 31)),
        ("2025年年末", date(2025, 12, 31)),
        ("2025年内", date(2025, 12, 31)),
        ("十四五末", date(2025, 12, 31)),
        ("“十四五”期末", date(2025, 12, 31)),
        ("“十四五”期间", date(2025, 12, 31)),
        ("到十五五末", date(2030, 12, 31)),
        ("2024年6月底", date(2024, 6, 30)),
        ("2024年6月", date(2024, 6, 30)),
        ("2024年6月份", date(2024, 6, 30)),
        ("2024年6月月底", date(2024, 6, 30)),
        ("24年6月", date(2024, 6, 30)),
        ("2024年2月", date(2024, 2, 29)),
        ("2023年2月末", date(2023, 2, 28)),
        ("2024.6", date(2024, 6, 30)),
        ("2024-06", date(2024, 6, 30)),
        ("2024/06", date(2024, 6, 30)),
        ("2024年6月上旬前", date(2024, 6, 10)),
        ("2024年6月中旬", date(2024, 6, 20)),
        ("2024年6月下旬", date(2024, 6, 30)),
        ("二〇二四年十二月底", END_OF_2024),
        ("２０２４年１２月", END_OF_2024),
        ("2024年一季度末", date(2024, 3, 31)),
        ("2024年第二季度", date(2024, 6, 30)),
        ("2024年第3季度前", date(2024, 9, 30)),
        ("2024年4季度", END_OF_2024),
        ("2024年Q3", date(2024, 9, 30)),
        ("2024年前三季度", date(2024, 9, 30)),
        ("2024年上半年", date(2024, 6, 30)),
        ("2024年下半年", END_OF_2024),
        ("2024年6月30日", date(2024, 6, 30)),
        ("2024年6月30号", date(2024, 6, 30)),
        ("二〇二四年六月三十日", date(2024, 6, 30)),
        ("2024年2月29日", date(2024, 2, 29)),
        ("2024-06-30", date(2024, 6, 30)),
        ("2024.6.30", date(2024, 6, 30)),
        ("2024.06.30前", date(2024, 6, 30)),
        ("2024/6/30", date(2024, 6, 30)),
        ("20240630", date(2024, 6, 30)),
        ("2023-12-31 00:00:00", date(2023, 12, 31)),
        ("2023-12-31T00:00:00", date(2023, 12, 31)),
        ("2024-06-30 18:00前", date(2024, 6, 30)),
        ("2024年6月30日 18:00前", date(2024, 6, 30)),
        ("2024年6月30日下午5点前", date(2024, 6, 30)),
        ("2024年12月31日24时前", END_OF_2024),
        ("2024年12月31日（星期二）", END_OF_2024),
        ("（2024年12月底前）", END_OF_2024),
        ("完成时限：2024年底", END_OF_2024),
        ("到2025年", date(2025, 12, 31)),
        ("至2024年底", END_OF_2024),
        ("力争到2025年底前", date(2025, 12, 31)),
        ("原则上2024年底前完成", END_OF_2024),
        ("不晚于2024年6月30日", date(2024, 6, 30)),
        ("即日起至2024年底", END_OF_2024),
        ("于2024年6月30日前完成", date(2024, 6, 30)),
        ("2024年6月30日之前完成。", date(2024, 6, 30)),
        ("至2024年11月底以前", date(2024, 11, 30)),
        ("2024年底前整改到位", END_OF_2024),
        ("2024年底前完成整改任务", END_OF_2024),
        ("2024年底前取得阶段性成效", END_OF_2024),
        ("2024年底前全面见效", END_OF_2024),
        ("2024年9月建成并投入使用", date(2024, 9, 30)),
        (" 2024年\n6月底\t", date(2024, 6, 30)),
        ("2024 年 6 月 底前", date(2024, 6, 30)),
        ("2024年" + " " * 10_000, END_OF_2024),
    ],
)
def test_read_deadline_date(text: str, due_on: date) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.DATE, due_on=due_on)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("年底", END_OF_2024),
        ("年底前", END_OF_2024),
        ("年末", END_OF_2024),
        ("年内", END_OF_2024),
        ("全年", END_OF_2024),
        ("今年底", END_OF_2024),
        ("本年度", END_OF_2024),
        ("当年12月", END_OF_2024),
        ("明年6月", date(2025, 6, 30)),
        ("明年底", date(2025, 12, 31)),
        ("6月底", date(2024, 6, 30)),
        ("6月30日前", date(2024, 6, 30)),
        ("2月29日", date(2024, 2, 29)),
        ("一季度末", date(2024, 3, 31)),
        ("第三季度", date(2024, 9, 30)),
        ("三季度前", date(2024, 9, 30)),
        ("上半年", date(2024, 6, 30)),
        ("上半年完成", date(2024, 6, 30)),
        ("下半年", END_OF_2024),
    ],
)
def test_read_deadline_without_year(text: str, due_on: date) -> None:
    assert read_deadline(text, year=2024) == Deadline(DeadlineKind.DATE, due_on=due_on)
    assert read_deadline(text) == UNKNOWN
    assert lacks_year(text)


def test_read_deadline_printed_year_beats_the_given_one() -> None:
    assert read_deadline("2022年6月", year=2024).due_on == date(2022, 6, 30)


@pytest.mark.parametrize(
    ("text", "start_on", "due_on"),
    [
        ("2021年-2025年", date(2021, 1, 1), date(2025, 12, 31)),
        ("2021-2025年", date(2021, 1, 1), date(2025, 12, 31)),
        ("2022—2024年", date(2022, 1, 1), END_OF_2024),
        ("2022～2024年", date(2022, 1, 1), END_OF_2024),
        ("2022年至2024年底前", date(2022, 1, 1), END_OF_2024),
        ("2024年3月至6月", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024年3-6月", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024.3-6", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024年9-12月底前", date(2024, 9, 1), END_OF_2024),
        ("2024.9—2024.12", date(2024, 9, 1), END_OF_2024),
        ("2024年10月—2025年3月", date(2024, 10, 1), date(2025, 3, 31)),
        ("2024年9月至次年6月", date(2024, 9, 1), date(2025, 6, 30)),
        ("2024年3月1日至15日", date(2024, 3, 1), date(2024, 3, 15)),
        ("2024年3月1日-2024年6月30日", date(2024, 3, 1), date(2024, 6, 30)),
        ("从2024年3月1日到6月30日", date(2024, 3, 1), date(2024, 6, 30)),
        ("自2024年3月1日起至2024年6月30日止", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024-03-01至2024-06-30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024-03-01 - 2024-06-30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024-3-1—2024-6-30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024.03.01-2024.06.30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024.3.1-6.30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024/3/1-2024/6/30", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024年一至三季度", date(2024, 1, 1), date(2024, 9, 30)),
        ("2024年1-3季度", date(2024, 1, 1), date(2024, 9, 30)),
        ("2024年第一季度至第三季度", date(2024, 1, 1), date(2024, 9, 30)),
        ("2024年3月启动，12月底前完成", date(2024, 3, 1), END_OF_2024),
    ],
)
def test_read_deadline_range(text: str, start_on: date, due_on: date) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.RANGE, start_on, due_on)


@pytest.mark.parametrize("text", ["9月—12月", "9至12月", "9月1日至12月31日", "三季度至四季度"])
def test_read_deadline_range_without_year(text: str) -> None:
    read = read_deadline(text, year=2024)
    assert (read.kind, read.due_on, lacks_year(text)) == (DeadlineKind.RANGE, END_OF_2024, True)


@pytest.mark.parametrize(
    "text",
    [
        "长期坚持",
        "长期",
        "长期推进",
        "长期任务",
        "坚持长期抓",
        "持续",
        "持续推进",
        "持续深化",
        "常态化",
        "常态化推进",
        "常抓不懈",
        "日常工作",
        "即日起长期坚持",
        "长期坚持、持续推进",
        "长期\n坚持。",
        "（长期坚持）",
    ],
)
def test_read_deadline_ongoing_is_yearly(text: str) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.ONGOING, freq=Frequency.YEARLY)


@pytest.mark.parametrize("text", ["2022年起长期坚持", "2022年起，持续推进", "自2022年1月起常态化开展"])
def test_read_deadline_ongoing_keeps_its_beginning(text: str) -> None:
    ongoing = Deadline(DeadlineKind.ONGOING, start_on=date(2022, 1, 1), freq=Frequency.YEARLY)
    assert read_deadline(text) == ongoing


@pytest.mark.parametrize(
    ("text", "freq"),
    [
        ("每年", Frequency.YEARLY),
        ("每一年", Frequency.YEARLY),
        ("每年度", Frequency.YEARLY),
        ("每年底", Frequency.YEARLY),
        ("每年12月底前", Frequency.YEARLY),
        ("每年3月至5月", Frequency.YEARLY),
        ("每年教师节前", Frequency.YEARLY),
        ("每年不少于4次", Frequency.YEARLY),
        ("每年12月底前，每年不少于2次", Frequency.YEARLY),
        ("按年度", Frequency.YEARLY),
        ("一年一次", Frequency.YEARLY),
        ("每半年", Frequency.HALF_YEARLY),
        ("半年一次", Frequency.HALF_YEARLY),
        ("每季度", Frequency.QUARTERLY),
        ("每个季度", Frequency.QUARTERLY),
        ("每季度末", Frequency.QUARTERLY),
        ("每季度末月25日前", Frequency.QUARTERLY),
        ("长期坚持，每季度一次", Frequency.QUARTERLY),
        ("长期（每季度一次）", Frequency.QUARTERLY),
        ("按季度", Frequency.QUARTERLY),
        ("每月", Frequency.MONTHLY),
        ("每月底前", Frequency.MONTHLY),
        ("每月25日前", Frequency.MONTHLY),
        ("每个月5日前", Frequency.MONTHLY),
        ("按月调度", Frequency.MONTHLY),
    ],
)
def test_read_deadline_recurring(text: str, freq: Frequency) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.RECURRING, freq=freq)


@pytest.mark.parametrize("text", ["2024年起每年", "自2024年起，每年12月底前", "从2024年1月开始，每年"])
def test_read_deadline_recurring_keeps_its_beginning(text: str) -> None:
    assert read_deadline(text) == Deadline(DeadlineKind.RECURRING, date(2024, 1, 1), freq=Frequency.YEARLY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "无",
        "—",
        "同上",
        "已完成",
        "立即",
        "立行立改",
        "立即整改",
        "即时",
        "按时间节点",
        "按时限要求",
        "按上级要求",
        "根据工作进度",
        "年度",
        "按年度计划",
        "每学期",
        "每周",
        "每两年",
        "每三年",
        "每2年",
        "每隔一年",
        "每两个月",
        "一季度一次",  # once a quarter, or once in the first
        "三年内",
        "3个月内",
        "印发之日起30日内",
        "次年",
        "年初",
        "月底前",
        "2024年初",
        "2024年年中",
        "2024年6月初",
        "2024年11月中下旬",
        "2024年12月左右",
        "2024年9月开学前",
        "2024年9月1日开学前",
        "2024年元旦前",
        "2024年春季学期",
        "2024年6月启动",
        "2024年6月底前印发",
        "2024年10月1日起实施",
        "2024年12月31日0时前",  # that is the end of the 30th
        "2024年12月底前（具体以上级通知为准）",
        "贯穿全年",
        "24年",
        "24年底",
        "3",
        "45291",
        "202412",
        "6.30",
        "2024年" * 1000,
    ],
)
def test_read_deadline_unknown_waits_for_a_person(text: str) -> None:
    assert read_deadline(text) == UNKNOWN
    assert why_unknown(text) == "unread"
    assert not lacks_year(text)


PIECES = st.lists(
    st.sampled_from(
        [
            *"0123456789年月日底前至到-—.、，（）每半季度长期坚持上下一二三十起〇 \n时:",
            "2024",
            "季度",
            "每年",
            "十四五",
            "完成",
        ]
    ),
    max_size=15,
)


@given(text=st.text() | PIECES.map("".join), year=st.none() | st.integers(-10, 20000))
def test_read_deadline_never_raises_and_is_consistent(text: str, year: int | None) -> None:
    read = read_deadline(text, year=year)
    assert (read.due_on is not None) == (read.kind in (DeadlineKind.DATE, DeadlineKind.RANGE))
    assert (read.freq is not None) == (read.kind in (DeadlineKind.ONGOING, DeadlineKind.RECURRING))
    assert (why_unknown(text, year=year) == "") == (read != UNKNOWN)
    if read.kind == DeadlineKind.RANGE:
        assert read.start_on <= read.due_on


@given(
    day=st.dates(date(1950, 1, 1), date(2150, 1, 1)), form=st.sampled_from(["%Y年%m月%d日前", "%Y-%m-%d", "%Y.%m.%d"])
)
def test_read_deadline_reads_back_every_day(day: date, form: str) -> None:
    assert read_deadline(day.strftime(form)).due_on == day


@pytest.mark.parametrize(
    "piece", ["2024年", "每年", "至", "年底", "6月30日", "长期", " ", "1 ", "(", "前", "十", "T1:00 "]
)
def test_read_deadline_of_a_huge_cell_is_quick(piece: str) -> None:
    started = process_time()
    assert why_unknown(piece * (100_000 // len(piece)) + "x") == "unread"
    assert process_time() - started < 1
