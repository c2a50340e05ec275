"""配合 through the pages: thirteen townships on 11.1, and the two 督查室 that support 22.3."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Unit
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import hand_in, move, state, verdict
from tests.workflow.file_samples import SAMPLES
from workflow import clock, queries
from workflow.models import Evidence, Part, Plan, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def page(one: SubItem) -> str:
    return f"/items/{one.pk}/"


def asking(one: SubItem) -> str:
    return f"/items/{one.pk}/parts/"


def part(one: SubItem, unit: str, name: str) -> str:
    return f"/parts/{Part.objects.get(item=one, unit__name=unit).pk}/{name}/"


def townships() -> list[tuple[str, str]]:
    """(unit, officer) of the thirteen."""
    members = Unit.objects.get(name="各乡镇").members.filter(posts__role="officer")
    return list(members.values_list("name", "posts__user__username"))


def test_11_1_is_supported_by_every_township(enter: Enter, item: Item, sound: Sound) -> None:
    one, officer = item("11.1"), enter("majianjun")
    officer.open(page(one)).send(move(one, "accept"))
    assert set(officer.hidden(asking(one))["units"]) == {unit for unit, _who in townships()}  # ticked already
    officer.send(asking(one), ask="报送各校布局现状。", due_on="2022-03-31")
    assert (officer.status, officer.sees("已发配合请求"), officer.sees("待交 13")) == (200, True, True)
    assert not officer.offers(asking(one)) and officer.sees("配合单位都有请求在办")

    first, second, third, *others = townships()
    for unit, username in (first, *others):
        township = enter(username).open("/")
        assert township.sees("请您单位配合：报送各校布局现状。") and township.sees("交配合材料"), unit
        assert township.open(page(one)).sees("3月31日前交配合材料：报送各校布局现状。")
        assert not any(township.sees(other) for other, _who in townships() if other != unit)
        township.send(part(one, unit, "evidence"), file=SimpleUploadedFile(f"{unit}布局.pdf", SAMPLES["pdf"]))
        township.send(part(one, unit, "answer"), text=f"{unit}布局已报。")
        assert (township.status, township.sees("已交，等牵头单位收下。")) == (200, True)
        assert not township.offers(part(one, unit, "answer"))
        assert not township.open("/").sees("请您单位配合")
    decliner = enter(second[1]).open(page(one)).send(part(one, second[0], "decline"), comment="本镇学校已并入县直。")
    assert decliner.sees("已说明，等牵头单位答复。")

    enter("majianjun").open(page(one)).send(f"/items/{one.pk}/draft/", summary="布局已调整，请审核。")
    desk = enter("majianjun").open("/")
    assert desk.sees("收下或退回") and desk.sees("等 12 家已答复配合请求，请收下或退回。")
    head = enter("dinghaiyan").open(page(one))
    assert head.sees("已交 11，说明不配合 1，待交 1")
    assert not head.offers(move(one, "submit")) and head.sees(f"{third[0]}还没有交配合材料；")
    assert SubItem.objects.get(pk=one.pk).awaited == [[Unit.objects.get(name=third[0]).pk, third[0]]]
    assert enter("dinghaiyan").open("/").sees(f"{third[0]}交配合材料")  # 在等别人
    assert head.sees(f"在等{third[0]}") and not enter(first[1]).open(page(one)).sees("在等")

    head.open(page(one)).send(part(one, third[0], "waive"), comment="该镇没有学校。")
    assert head.sees("已免交，配合单位会收到理由。") and head.sees("该镇没有学校。")
    head.send(part(one, first[0], "return"), comment="缺幼儿园。")
    again = enter(first[1]).open("/")
    assert again.sees("补材料") and again.sees("退回：缺幼儿园。")
    again.open(page(one)).send(part(one, first[0], "answer"), text="幼儿园已补。")
    for unit, _username in (first, second, *others):
        officer.open(page(one)).send(part(one, unit, "accept"))
        assert (officer.status, officer.sees("已收下，附在这一项的材料里。")) == (200, True)
    assert officer.sees("已收下 12，免交 1") and officer.sees("同意不交")

    hand_in(one, head)
    verifier = enter("yangjing").open(f"/review/{one.pk}/")
    assert verifier.sees(f"{first[0]}布局.pdf") and verifier.sees(f"{first[0]} ") and verifier.sees("幼儿园已补。")
    assert verdict(one, verifier, "approve").sees("已通过")
    assert (state(one)[0], Evidence.objects.filter(submissions__item=one).count()) == ("verified", 11)
    assert sound()


def test_22_3_is_supported_by_both_inspectorates(enter: Enter, item: Item, sound: Sound) -> None:
    """教育工委 leads with 教体局, which verifies (互核); the 督查室 answer as units, by their officers and heads."""
    one, lead = item("22.3"), enter("suxiaohong")
    lead.open(page(one)).send(move(one, "accept")).send(asking(one))
    assert lead.sees("待交 2")
    inspector = enter("lizhiqiang").open(page(one))  # 县委督查室, but an inspector's post answers nothing
    assert inspector.sees("待交 2") and not inspector.offers(part(one, "县委督查室", "answer"))
    assert inspector.force(part(one, "县委督查室", "answer"), text="已督查。") == 403
    for unit, username in (("县委督查室", "liangxiaoyan"), ("政府督查室", "qinweidong")):
        enter(username).open(page(one)).send(part(one, unit, "answer"), text="已督查两次。")
        lead.open(page(one)).send(part(one, unit, "accept"))
    lead.send(f"/items/{one.pk}/report/", percent="100", text="已办。")
    lead.send(f"/items/{one.pk}/circulate/", summary="请审核。")
    enter("dinghaiyan").open(page(one)).send(f"/items/{one.pk}/countersign/")
    hand_in(one, enter("hanlixin"))
    assert enter("yangjing").open(page(one)).sees("由教体局互核")
    assert verdict(one, enter("changlihua"), "approve").sees("已通过")
    assert sound()


def test_22_3_under_the_strict_option_is_verified_by_who_only_supports(enter: Enter, item: Item) -> None:
    plan = Plan.objects.get()
    plan.leads_never_verify = True
    plan.save(update_fields=["leads_never_verify"])
    for place, name in enumerate(("政府督查室", "县委督查室"), 10):
        plan.supervisors.create(unit=Unit.objects.get(name=name), position=place)
    one, owner = item("22.3"), enter("yuanchunsheng")  # an inspector: the owner leads
    version, units = SubItem.objects.get(pk=one.pk).seq, "政府督查室、县委督查室、财政局"
    owner.open(page(one)).force(move(one, "amend"), version=version, comment="严格审核", supports=units)
    one = queries.with_names(SubItem.objects.filter(pk=one.pk)).get()
    assert (one.verifier.name, one.verifier_tier) == ("政府督查室", "support")
    assert "只是配合单位" in queries.verifier_reason(one)
    lead = enter("suxiaohong").open(page(one)).send(move(one, "accept")).send(asking(one))
    assert lead.sees("待交 3")
    enter("qinweidong").open(page(one)).send(part(one, "政府督查室", "answer"), text="已督查。")
    assert lead.open(page(one)).sees("已督查。")


def test_what_was_typed_stands_again_after_a_refusal(enter: Enter, item: Item) -> None:
    one, officer = item("2.2"), enter("majianjun")
    officer.open(page(one)).send(move(one, "accept"))
    officer.send(asking(one), units=["文广局"], ask="名册", due_on="2021-01-01")
    assert (officer.status, officer.sees("交材料的日期不能早于今天。")) == (422, True)
    form = officer.hidden(asking(one))
    assert (form["units"], form["ask"].strip(), form["due_on"]) == (["文广局"], "名册", "2021-01-01")
    officer.send(asking(one), due_on="2021-12-31")
    assert officer.sees("待交 1")
    giver = enter("jinlijuan").open(page(one)).send(part(one, "文广局", "answer"), text="\u202e")
    assert (giver.status, giver.sees("无法保存的字符")) == (422, True)
    assert giver.force(part(one, "文广局", "postpone")) == 404
    assert enter("yangxiaolong").open("/").force(part(one, "文广局", "answer"), text="我来交") == 404


def test_a_part_is_late_by_its_own_date(enter: Enter, item: Item) -> None:
    one, officer = item("2.2"), enter("majianjun")
    officer.open(page(one)).send(move(one, "accept")).send(asking(one), due_on="2021-11-26")
    clock.forward(10)
    assert enter("jinlijuan").open("/").sees("逾期 5 工作日")
    assert officer.open(page(one)).sees("逾期 5 工作日 11月26日前")


@pytest.mark.parametrize(("username", "count"), [("majianjun", 0), ("jinlijuan", 1), ("yangjing", 0)])
def test_who_has_to_give_finds_it_on_the_desk(enter: Enter, item: Item, username: str, count: int) -> None:
    one, officer = item("2.2"), enter("majianjun")
    officer.open(page(one)).send(move(one, "accept")).send(asking(one))
    assert enter(username).open("/").words.count("请您单位配合") == count
