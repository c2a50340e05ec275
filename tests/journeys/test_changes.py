"""What the owner's side does through the pages: split off a co-lead, name who verifies, each with its basis."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Post, Unit, User
from tests.journeys.conftest import Person
from tests.journeys.test_one_item import actions, move
from tests.workflow.actions.test_objections import headed
from tests.workflow.file_samples import SAMPLES
from workflow.models import Basis, SubItem

Enter = Callable[[str], Person]
Item = Callable[[str], SubItem]
Sound = Callable[[], bool]


def test_the_co_lead_of_21_1_is_split_off_with_the_document(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("21.1")
    page = enter("wangxuewen").open(f"/items/{one.pk}/")
    form = page.hidden(move(one, "split"))
    assert form["text"].strip() == one.text and "人社局" in form["supports"]
    page.send(move(one, "split"), unit="教体局", comment=" ")
    assert (page.status, page.sees("请写明理由。")) == (422, True)
    document = SimpleUploadedFile("会议纪要.pdf", SAMPLES["pdf"])
    page.send(move(one, "split"), unit="教体局", comment="分开办。", text="核定编制。", supports="", basis=document)
    assert (page.status, page.sees("已分出，分出的一项等签收")) == (200, True)
    assert page.sees("分出 21.4，由教体局牵头") and page.sees("依据文件 会议纪要.pdf")

    new = item("21.4")
    head = enter("dinghaiyan").open(f"/items/{new.pk}/")
    assert head.sees("由 21.1 分出，等待签收") and head.sees("会议纪要.pdf") and head.sees("核定编制。")
    basis = Basis.objects.get(item=new)
    assert head.client.get(f"/basis/{basis.pk}/file/").status_code == 200
    head.send(move(new, "accept"))
    assert item("21.4").state == "in_progress"
    assert enter("lizhiqiang").open("/ledger/").sees("21.4")
    support = enter(headed("人社局")).open(f"/items/{one.pk}/")
    assert support.sees("分出 21.4") and not support.sees("会议纪要.pdf")
    assert support.client.get(f"/basis/{Basis.objects.get(item=one).pk}/file/").status_code == 404
    assert sound()


def test_a_bad_document_is_refused_with_what_was_typed(enter: Enter, item: Item) -> None:
    one = item("2.1")
    page = enter("wangxuewen").open(f"/items/{one.pk}/")
    page.send(move(one, "cancel"), comment="已并入 2.2。", basis=SimpleUploadedFile("通知.exe", b"MZ\x90"))
    assert page.status == 422 and page.hidden(move(one, "cancel"))["comment"].strip() == "已并入 2.2。"
    page.send(move(one, "cancel"), basis=SimpleUploadedFile("通知.pdf", SAMPLES["pdf"]))
    assert (item("2.1").state, Basis.objects.get().filename) == ("cancelled", "通知.pdf")


def test_nobody_may_review_so_the_coordinator_names_another_unit(enter: Enter, item: Item, sound: Sound) -> None:
    one = item("2.1")
    enter("majianjun").open(f"/items/{one.pk}/").send(move(one, "accept"))
    enter("majianjun").open(f"/items/{one.pk}/").send(f"/items/{one.pk}/report/", percent="100", text="已办。")
    Post.objects.create(
        user=User.objects.get(username="yangjing"), unit=Unit.objects.get(name="教体局"), role="officer"
    )
    enter("dinghaiyan").open(f"/items/{one.pk}/").send(move(one, "submit"), summary="请审核。")  # a unit there is
    words = "教育工委现在没有能审这一项的人：杨静在教体局任职，马国华在教体局任职，请统筹另行指定审核单位。"
    assert enter("dinghaiyan").open(f"/items/{one.pk}/").sees(words)
    coordinator = enter("wangxuewen").open("/")
    assert coordinator.sees(words) and coordinator.sees("另定审核单位 2.1")
    page = coordinator.open(f"/items/{one.pk}/")
    page.send(move(one, "name-verifier"), verifier="县委督查室", comment="教育工委无人可审。")
    assert (page.status, page.sees("已定由县委督查室审核")) == (200, True)
    assert page.sees("由县委督查室审核，是另行指定的：教体局牵头，不能自己审。") and not page.sees(words)
    assert page.sees("审核单位 改动前 教育工委 改动后 县委督查室")
    assert not enter("wangxuewen").open("/").sees("另定审核单位 2.1")

    inspector = enter("lizhiqiang").open("/")
    assert inspector.sees("教体局报送") and inspector.sees("审核 1")
    inspector.open(f"/review/{one.pk}/").send(f"/review/{one.pk}/approve/")
    assert (item("2.1").state, actions(one)[-2:]) == ("verified", ["name-verifier", "approve"])
    assert sound()


def test_an_inspector_may_name_only_where_nobody_may_review(enter: Enter, item: Item) -> None:
    one = item("2.1")
    assert not enter("lizhiqiang").open(f"/items/{one.pk}/").offers(move(one, "name-verifier"))
    Post.objects.filter(role="verifier", unit__name="教育工委").delete()
    page = enter("lizhiqiang").open(f"/items/{one.pk}/")
    assert page.sees("教育工委现在没有审核人，请统筹另行指定审核单位。")
    page.send(move(one, "name-verifier"), verifier="县委督查室", comment="教育工委无人可审。")
    assert page.sees("已定由县委督查室审核")
