"""回头看 through the pages: three items closed, two drawn; one stands, one is reopened and closed again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Post, Unit, User
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, move
from workflow.models import Draw, Recheck, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]
PAGE, INSPECTOR = "/rechecks/", "lizhiqiang"
DRAWING = {"closed_from": "2021-11-22", "closed_to": "2021-11-23", "amount": "2", "public": "福彩 3D 第2021312期 4 0 7"}


def close(enter: Enter, one: SubItem) -> None:
    page = f"/items/{one.pk}/"
    officer = enter("majianjun").open(page)
    if officer.offers(move(one, "accept")):
        officer.send(move(one, "accept"))
    officer.send(f"{page}report/", percent="100", text="已办。")
    enter("dinghaiyan").open(page).send(move(one, "submit"), summary="请审核。")
    enter("yangjing").open(f"/review/{one.pk}/").send(f"/review/{one.pk}/approve/")
    said = {"comment": "材料齐全。"}
    assert enter("wangxuewen").open(page).send(move(one, "close"), **said).sees("已销号")


def stands(recheck: Recheck) -> str:
    return f"/rechecks/{recheck.pk}/stands/"


@pytest.fixture
def three(enter: Enter, item: Item) -> list[SubItem]:
    for number in ("2.1", "2.2", "9.1"):
        close(enter, item(number))
    return [item(number) for number in ("2.1", "2.2", "9.1")]


def test_two_of_three_are_drawn_one_stands_and_one_reopens(
    enter: Enter, item: Item, three: list[SubItem], sound: Sound, tmp_path: Path
) -> None:
    inspector = enter(INSPECTOR).open(PAGE)
    assert (
        inspector.sees("没有待核查的子项")
        and inspector.sees("还没有抽取过")
        and inspector.sees("已销号、还没抽到过的有 3 项")
    )
    quarter = inspector.hidden(PAGE)
    assert (quarter["closed_from"], quarter["closed_to"]) == ("2021-07-01", "2021-09-30")
    inspector.send(PAGE, amount="2", public="号码")
    assert (inspector.status, inspector.sees("这段时间没有可抽的子项")) == (422, True)
    inspector.send(PAGE, **DRAWING | {"amount": "4"})
    assert inspector.sees("可抽的只有 3 项") and inspector.hidden(PAGE)["public"] == DRAWING["public"]
    sealed = next(word for word in inspector.words.split() if len(word) == 64)
    inspector.send(PAGE, **DRAWING)
    made = Draw.objects.get()
    assert (inspector.status, inspector.path) == (200, made.get_absolute_url())
    for words in ("第 1 次抽取", "3 项里抽了 2 项", "已重算，结果一致", made.seed, sealed, "抽取页事先公布过它的指纹"):
        assert inspector.sees(words), words

    first, second = (recheck.item for recheck in made.rechecks.select_related("item"))
    desk = enter(INSPECTOR).open("/")
    assert desk.sees("等您办的 2 件") and desk.sees("抽中回头看，教体局牵头，已销号")
    page = desk.open(first.get_absolute_url())
    assert page.sees("第 1 次抽取时抽中，等督查核查") and page.sees("回头看：核查后写结论成立，或者重启")
    page.send(stands(made.rechecks.get(item=first)), comment=" ")
    assert (page.status, page.sees("请写明核查了什么")) == (422, True)
    page.send(stands(made.rechecks.get(item=first)), comment="已到现场核查，与报送一致。")
    assert page.sees("已记下：结论成立") and page.sees("回头看：11月23日 李志强，结论成立")
    assert not page.offers(stands(made.rechecks.get(item=first)))

    page = enter(INSPECTOR).open(second.get_absolute_url())
    page.send(move(second, "reopen"), comment="现场不符。", due_on="2022-06-30")
    assert page.sees("回头看后重启，新的时限 2022-06-30") and page.sees("11月23日重启，这次销号保留在此")
    assert actions(second)[-2:] == ["recheck.drawn", "reopen"]
    close(enter, second)
    for username in ("lizhiqiang", "majianjun", "wangxuewen", "zhoumin"):
        page = enter(username).open(second.get_absolute_url())
        assert page.sees("共 2 次，都留在这里") and page.sees("据第 1 次报送") and page.sees("据第 2 次报送"), username
    assert [recheck.status for recheck in made.rechecks.all()] == ["stands", "reopened"]
    assert enter(INSPECTOR).open(made.get_absolute_url()).sees("现场不符。")
    assert sound()
    repeated_from_its_file(enter, made, tmp_path)


def repeated_from_its_file(enter: Enter, made: Draw, folder: Path) -> None:
    answer = enter("zhoumin").client.get(f"{made.get_absolute_url()}record/")
    file = folder / "draw.txt"
    file.write_bytes(answer.content)
    call_command("repeat_draw", str(file))
    recipe = enter("zhoumin").open(made.get_absolute_url())
    assert recipe.sees("sha256sum")
    file.write_bytes(answer.content.replace(b"4 0 7", b"4 0 8"))
    with pytest.raises(CommandError) as refused:
        call_command("repeat_draw", str(file))
    assert refused.value.returncode == 1


def test_who_sees_the_pages_and_who_does_not(enter: Enter, three: list[SubItem]) -> None:
    inspector = enter(INSPECTOR).open(PAGE).send(PAGE, **DRAWING)
    made = Draw.objects.get()
    for username in ("zhoumin", "wangxuewen"):  # a leader and the coordinator: read only
        page = enter(username).open(PAGE)
        assert page.sees("待核查 2 项") and page.sees("第 1 次抽取") and not page.offers(PAGE)
        assert page.open(made.get_absolute_url()).sees("已重算，结果一致")
        version = made.rechecks.first().item.seq
        assert page.force(stands(made.rechecks.first()), version=version, comment="好") == 403
        assert page.force(PAGE, plan=made.plan_id, number=2, **DRAWING, of="size") == 403
    for username in ("majianjun", "dinghaiyan", "yangjing"):
        page = enter(username)
        assert not page.sees("回头看")
        for path in (PAGE, made.get_absolute_url(), f"{made.get_absolute_url()}record/"):
            assert page.client.get(path).status_code == 404
        assert page.open("/").force(stands(made.rechecks.first()), version=1) == 404
        assert page.force(PAGE, plan=made.plan_id, number=2, **DRAWING) == 404
    assert inspector.force(PAGE, plan=made.plan_id, number=1, **DRAWING, of="size") == 409
    assert inspector.force(PAGE, plan="x", number="", **DRAWING) == 404
    assert inspector.client.get("/rechecks/?plan=999").status_code == 404
    assert Draw.objects.count() == 1


def test_an_inspector_concerned_reads_why_and_finds_nothing_on_the_desk(enter: Enter, three: list[SubItem]) -> None:
    enter(INSPECTOR).open(PAGE).send(PAGE, **DRAWING)
    user, unit = User.objects.get(username=INSPECTOR), Unit.objects.get(name="教体局")
    Post.objects.create(user=user, unit=unit, role="officer")
    one = Recheck.objects.first().item
    page = enter(INSPECTOR).open(one.get_absolute_url())
    assert page.sees("您在教体局任职，教体局承担这一项，不能回头看") and not page.offers(
        stands(Recheck.objects.first())
    )
    assert not page.open("/").sees("抽中回头看")
    page.open(PAGE)
    assert page.sees("待核查 2 项") and page.sees("不能回头看，请由另一位办理")


def test_reopened_by_the_coordinator_a_recheck_ends_with_a_sentence(enter: Enter, three: list[SubItem]) -> None:
    enter(INSPECTOR).open(PAGE).send(PAGE, **DRAWING)
    recheck = Recheck.objects.first()
    one = recheck.item
    stale = enter(INSPECTOR).open(one.get_absolute_url())
    page = enter("wangxuewen").open(one.get_absolute_url())
    page.send(move(one, "reopen"), comment="销错了。", due_on="2022-06-30")
    assert page.sees("待办的回头看随之结束")
    stale.send(stands(recheck), comment="属实。")
    assert (stale.status, stale.sees("别人刚办过这一项")) == (409, True)
    version = SubItem.objects.get(pk=one.pk).seq
    assert stale.force(stands(recheck), version=version, comment="属实。") == 409
    assert Recheck.objects.get(pk=recheck.pk).status == "dropped"


def test_percent_through_the_page(enter: Enter, three: list[SubItem]) -> None:
    enter(INSPECTOR).open(PAGE).send(PAGE, **DRAWING | {"amount": "34", "of": "percent"})
    assert (Draw.objects.get().size, Draw.objects.get().candidates) == (2, 3)
