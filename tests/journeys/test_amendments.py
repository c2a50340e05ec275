"""改任务 and 改派 from the item's page: the form shows what is, keeps what was typed, and the record tells both."""

from collections.abc import Callable
from datetime import date

from tests.journeys.conftest import Person
from workflow.models import SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
BASIS = "平教领发〔2021〕9号"


def move(one: SubItem, name: str) -> str:
    return f"/items/{one.pk}/moves/{name}/"


def test_5_3_is_amended_by_the_coordinator_and_read_by_the_leads(
    enter: Enter, item: Item, sound: Callable[[], bool]
) -> None:
    one, page = item("5.3"), enter("wangxuewen").open(f"/items/{item('5.3').pk}/")
    form = page.hidden(move(one, "amend"))
    assert {name: form[name] for name in ("text", "leads", "supports", "deadline", "due_on", "notes")} == {
        "text": one.text,
        "leads": "教体局、财政局",
        "supports": "住建局",
        "deadline": "date",
        "due_on": "2024-12-31",
        "notes": "",
    }
    page.send(move(one, "amend"), comment=BASIS)
    assert (page.status, page.sees("没有要改的地方，和现在的一样。"), one.seq) == (422, True, item("5.3").seq)
    typed = {"text": "新建<b>3</b>所幼儿园。", "supports": "住建局、天文台", "due_on": "2023-06-30"}
    page.send(move(one, "amend"), **typed)
    assert (page.status, page.sees("单位名册里没有“天文台”。")) == (422, True)
    assert {name: page.hidden(move(one, "amend"))[name] for name in typed} == typed
    assert page.hidden(move(one, "amend"))["comment"] == BASIS

    page.send(move(one, "amend"), supports="")
    assert (page.status, page.sees("已改，承担的单位会收到改动和依据。")) == (200, True)
    after = item("5.3")
    assert (after.text, after.due_on, after.deadline_raw) == (typed["text"], date(2023, 6, 30), "2023年6月30日")
    page = enter("majianjun").open(f"/items/{one.pk}/")
    assert page.sees(f"改任务 具体内容 改动前 {one.text} 改动后 {typed['text']}")
    assert page.sees("配合单位 改动前 住建局 改动后 无 完成时限 改动前 2024-12-31 改动后 2023-06-30")
    assert not page.offers(move(one, "amend"))
    assert page.open("/inbox/").sees("教育工委改了这一项")
    assert sound()


def test_9_1_becomes_a_duty_in_rounds_of_another_unit(enter: Enter, item: Item, sound: Callable[[], bool]) -> None:
    one, officer = item("9.1"), enter("majianjun")
    officer.open(f"/items/{one.pk}/").send(move(one, "accept"))
    page = enter("wangxuewen").open(f"/items/{one.pk}/")
    page.send(move(one, "reassign"), comment=BASIS, leads="团县委、县教体局", deadline="ongoing quarterly")
    assert (page.status, page.sees("已改派，等团县委签收。")) == (200, True)
    after = item("9.1")
    assert (after.state, after.holder.name, after.kind, after.freq) == ("assigned", "团县委", "ongoing", "quarterly")
    assert (after.assignee, after.due_on, after.deadline_raw) == (None, date(2022, 3, 31), "长期坚持")
    assert not officer.open(f"/items/{one.pk}/").offers(move(one, "accept"))
    form = page.hidden(move(one, "amend"))
    assert (form["deadline"], form["due_on"], form["leads"]) == ("ongoing quarterly", "", "团县委、教体局")
    page = enter("tianyuxin").open(f"/items/{one.pk}/").send(move(one, "accept"))
    assert (page.sees("已签收"), item("9.1").assignee.username) == (True, "tianyuxin")
    assert sound()


def test_what_the_owner_leads_shows_the_forms_to_inspectors_only(enter: Enter, item: Item) -> None:
    one = item("1.3")
    assert not enter("wangxuewen").open(f"/items/{one.pk}/").offers(move(one, "amend"))
    page = enter("lizhiqiang").open(f"/items/{one.pk}/")
    assert page.offers(move(one, "amend")) and page.offers(move(one, "reassign"))
