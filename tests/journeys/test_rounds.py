"""历期 through the pages and the demo's clock: 9.2 from November 2021 into 2024, with a missed round between."""

from collections.abc import Callable

from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, move
from workflow import clock
from workflow.models import Round, SubItem
from workflow.turning import pass_time

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def forward(days: int) -> None:
    """As the button of the demo does, for longer."""
    start = clock.now()
    pass_time(start=start, end=clock.forward(days))


def report_and_hand_in(enter: Enter, one: SubItem, words: str) -> None:
    page = enter("majianjun").open(f"/items/{one.pk}/")
    page.send(f"/items/{one.pk}/report/", percent="100", text=words)
    enter("dinghaiyan").open(f"/items/{one.pk}/").send(move(one, "submit"), summary=words)


def test_9_2_through_three_rounds_one_of_them_missed(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("9.2")
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    forward(200)
    report_and_hand_in(enter, one, "2022 年已办。")
    verifier = enter("yangjing").open(f"/review/{one.pk}/")
    verifier.send(f"/review/{one.pk}/approve/")
    page = enter("majianjun").open(f"/items/{one.pk}/")
    assert page.sees("已核验") and not page.sees("上期未结")

    forward(205)  # 2022-12-31 passes: verified, so the next round opens
    assert (item("9.2").round_no, item("9.2").state) == (2, "in_progress")
    page.open(f"/items/{one.pk}/")
    assert page.sees("转入第 2 期") and page.sees("第 1 期") and page.sees("教育工委 杨静审核通过")
    assert not page.sees("第 1 次报送 ")  # that is of the round before
    page.open(f"/items/{one.pk}/rounds/1/")
    assert page.sees("2022 年已办。") and page.sees("第 1 次报送") and page.sees("2021-11-22 – 2022-12-31")

    forward(365)  # 2023 passes: nobody handed in
    assert (item("9.2").round_no, item("9.2").state) == (3, "in_progress")
    page.open(f"/items/{one.pk}/")
    assert page.sees("上期未结") and page.sees("第 2 期期满未结，转入第 3 期") and page.sees("到期没有报送。")
    assert page.open("/inbox/").sees("上期期满未结，下一期已经开始")
    assert enter("wangxuewen").open("/ledger/?q=9.2").sees("上期未结")
    assert [row.outcome for row in Round.objects.filter(item=one).order_by("number")] == ["verified", "missed"]
    assert actions(one).count("lapse") == 1 and actions(one).count("renew") == 1

    report_and_hand_in(enter, one, "2024 年已办。")
    enter("yangjing").open(f"/review/{one.pk}/").send(f"/review/{one.pk}/approve/")
    forward(366)
    page.open(f"/items/{one.pk}/")
    assert item("9.2").round_no == 4 and not page.sees("上期未结") and page.sees("以前 3 期")
    assert sound()


def test_who_may_not_see_the_item_sees_no_round_of_it(enter: Enter, item: Item) -> None:
    one = item("9.2")
    forward(410)
    assert enter("majianjun").open(f"/items/{one.pk}/rounds/1/").status == 200
    assert enter("nafang").open(f"/items/{one.pk}/rounds/1/").status == 404
    assert enter("majianjun").open(f"/items/{one.pk}/rounds/7/").status == 404
    assert enter("majianjun").open(f"/items/{one.pk}/rounds/2/").path == f"/items/{one.pk}/"


def test_the_button_of_the_demo_turns_rounds(enter: Enter, item: Item) -> None:
    forward(395)  # to 2022-12-23
    page = enter("wangxuewen").open("/")
    assert page.force("/demo/forward/", by="month") == 302
    assert item("9.2").round_no == 2
    assert page.open("/").sees("期满未结 15 项")


def test_3_2_is_suspended_and_comes_back_by_itself(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("3.2")
    officer = enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    page = enter("wangxuewen").open(f"/items/{one.pk}/")
    assert page.sees("暂停期间不计时限、不催办")
    page.send(move(one, "suspend"), comment="等自治区文件", until="2021-11-01", grounds="")
    assert (page.status, page.sees("暂停到哪天，要晚于今天。")) == (422, True)
    page.send(move(one, "suspend"), comment="等自治区文件", until="2021-12-31", grounds="宁教函〔2021〕9 号")
    assert (page.status, page.sees("已暂停，期间不计时限、不催办，到期自动恢复。")) == (200, True)
    assert page.sees("暂停 至 12月31日") and page.sees("宁教函〔2021〕9 号")
    officer.open(f"/items/{one.pk}/")
    assert officer.sees("等自治区文件") and officer.offers(f"/items/{one.pk}/report/")
    assert enter("dinghaiyan").open(f"/items/{one.pk}/").sees("3.2暂停到2021年12月31日，恢复后再办。")
    assert officer.open("/").sees("暂停的") and officer.sees("等自治区文件")
    assert enter("lizhiqiang").open("/ledger/?light=grey").sees("暂停 至 12月31日")
    forward(40)
    officer.open(f"/items/{one.pk}/")
    assert officer.sees("恢复办理，停了 39 天，时限由 2022-12-31 顺延到 2023-02-08")
    assert officer.sees("本期至 2023-02-08") and officer.sees("原 2022-12-31")
    assert (item("3.2").pause, sound()) == ("", True)


def test_the_year_is_decided_row_by_row(enter: Enter, item: Item, sound: Sound) -> None:
    one, other = item("9.2"), item("3.2")
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    forward(200)
    report_and_hand_in(enter, one, "2022 年已办。")
    enter("yangjing").open(f"/review/{one.pk}/").send(f"/review/{one.pk}/approve/")
    assert not enter("wangxuewen").open("/").sees("年度研判")
    forward(180)  # 2022-12-08
    desk = enter("wangxuewen").open("/")
    assert desk.sees("11 项长期坚持的事项，请逐项定：继续、转为常态还是结束。")
    page = desk.open("/yearly/")
    assert page.sees("2022 年年度研判") and page.sees("由督查办理")  # the four the owner unit leads
    address = f"/yearly/?plan={one.plan_id}"
    typed = {f"verdict-{one.pk}": "end", f"comment-{one.pk}": "", f"verdict-{other.pk}": "continue"}
    page.send(address, **typed)
    assert page.sees("转为常态或者结束，请写明理由。") and page.sees("已定：继续，到期转下期。")
    page.send(address, **{f"verdict-{one.pk}": "routine", f"comment-{one.pk}": "已建成制度，日常管理"})
    assert page.sees("已定：转为常态，已销号。")
    assert (item("9.2").state, item("9.2").ending, item("3.2").decided_year) == ("closed", "routine", 2022)
    page.open(f"/items/{one.pk}/")
    assert page.sees("转为常态工作，不再督办") and page.sees("2022年年度研判：转为常态")
    assert enter("wangxuewen").open("/ledger/?q=9.2").sees("转为常态工作，不再督办")
    assert enter("dinghaiyan").open("/yearly/").status == 404
    assert sound()


def test_the_round_that_ended_keeps_what_was_reached_of_each_criterion(enter: Enter, item: Item) -> None:
    """Targets are of a round: the next one begins without answers, and the old ones stay readable."""
    one = item("9.2")
    criterion = {"text-1": "开展规范办园检查", "baseline-1": "", "value-1": "12", "unit-1": "次", "per-1": "round"}
    enter("majianjun").open(f"/items/{one.pk}/criteria/").send(f"/items/{one.pk}/criteria/", **criterion)
    enter("yangjing").open(f"/items/{one.pk}/").send(f"/items/{one.pk}/criteria/agree/")
    officer = enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    officer.send(f"/items/{one.pk}/report/", percent="100", text="已办。")
    head = enter("dinghaiyan").open(f"/items/{one.pk}/")
    head.send(move(one, "submit"), **{"summary": "请审核。", "answer-1-value": "13", "answer-1-text": "检查十三次。"})
    assert head.status == 200
    verifier = enter("yangjing").open(f"/review/{one.pk}/")
    verifier.send(f"/review/{one.pk}/approve/", **{"tick-1": "yes"})
    forward(405)
    page = officer.open(f"/items/{one.pk}/")
    assert (item("9.2").round_no, page.sees("缺 1 条完成情况")) == (2, True)
    page.open(f"/items/{one.pk}/rounds/1/")
    assert (
        page.sees("开展规范办园检查")
        and page.sees("本期达到 13 次")
        and page.sees("检查十三次。")
        and page.sees("符合")
    )
