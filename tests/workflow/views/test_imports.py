"""导入 through its pages: what each step shows, does and refuses, and to whom."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Post, Role, Unit, User
from tests.workflow.documents import word_file, workbook
from workflow import clock, long_work
from workflow.defaults import FIXTURES
from workflow.models import LongWork, Part, Plan, PlanDocument, SubItem
from workflow.tables import Draft

SEED = (FIXTURES / "pingluo/table.txt").read_bytes()
ROWS = [
    ("1", "新建幼儿园3所", "教体局", "财政局、县人社局", "2024年6月底"),
    ("2", "开展督导", "教育督导室", "各乡镇", "按时间节点"),
    ("3", "检查食堂", "教体局", "各有关部门", "长期坚持"),
    ("4", "到2025年建成操场", "教体局", "教体局", "2024年"),
]
CLEAR = [("1", "新建幼儿园3所", "教体局", "财政局", "2024年6月底"), ("2", "检查食堂", "教体局", "", "长期坚持")]
OWN, OTHERS = "wangxuewen", ["majianjun", "changlihua", "zhoumin", "lizhiqiang"]


@pytest.fixture(autouse=True)
def _county(pingluo: Plan) -> None:
    """The published plan with its people."""


def logged_in(username: str = OWN) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def page(response: HttpResponse) -> str:
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def imported(file: SimpleUploadedFile, **fields: str) -> Plan:
    response = logged_in().post("/imports/", {"file": file, **fields})
    assert response.status_code == 303, page(response)
    return Plan.objects.drafts().get(pk=response.url.strip("/").split("/")[1])  # type: ignore[attr-defined]


@pytest.fixture
def draft() -> Plan:
    """ROWS, read."""
    return imported(word_file(ROWS))


def get(plan: Plan, step: str = "", **asked: str) -> str:
    response = logged_in().get(f"/imports/{plan.pk}/{step}", asked)
    assert response.status_code == 200
    return page(response)


def post(plan: Plan, step: str, **fields: object) -> HttpResponse:
    return logged_in().post(f"/imports/{plan.pk}/{step}", fields)


def row(plan: Plan, place: int) -> dict[str, object]:
    plan.refresh_from_db()
    return Draft(plan.table).rows[place]


def edit(plan: Plan, place: int, query: str = "", **fields: object) -> HttpResponse:
    found = row(plan, place)
    return post(plan, f"rows/{found['id']}/{query}", **{"version": found["version"], **fields})


# --- who --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", OTHERS)
@pytest.mark.parametrize("path", ["", "{}/", "{}/units/", "{}/publish/", "{}/document/", "{}/rows/1/"])
def test_only_coordinators_come_in(draft: Plan, username: str, path: str) -> None:
    response = logged_in(username).get(f"/imports/{path.format(draft.pk)}")
    assert (response.status_code, "导入和发布方案由统筹办理。" in page(response)) == (403, True)
    assert logged_in(username).get("/").context["nav"][-1].label != "导入"


def test_nobody_comes_in_without_logging_in(draft: Plan) -> None:
    for path in ("/imports/", f"/imports/{draft.pk}/", f"/imports/{draft.pk}/document/"):
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize("step", ["", "units/", "publish/", "changes/", "document/", "progress/", "result/", "rows/1/"])
def test_draft_of_another_owner_is_not_found(draft: Plan, step: str) -> None:
    Post.objects.create(
        user=User.objects.get(username="nafang"), unit=Unit.objects.get(name="财政局"), role="coordinator"
    )
    assert logged_in("nafang").get("/imports/").status_code == 200
    assert logged_in("nafang").get(f"/imports/{draft.pk}/{step}").status_code == 404
    assert logged_in("nafang").post(f"/imports/{draft.pk}/discard/").status_code == 404


def test_menu_and_ledger_lead_the_coordinator_in(pingluo: Plan) -> None:
    assert '/imports/"' in page(logged_in().get("/"))
    assert f'/imports/?revises={pingluo.pk}"' in page(logged_in().get("/ledger/"))
    assert "/imports/" not in page(logged_in("zhoumin").get("/ledger/"))


# --- 选文件 -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("file", [word_file(ROWS), workbook(ROWS)], ids=["docx", "xlsx"])
def test_document_is_read_at_once_and_its_rows_are_shown(file: SimpleUploadedFile) -> None:
    file.seek(0)
    shown = get(imported(file), show="all")
    assert "读出 4 个子项。" in shown and "新建幼儿园3所" in shown and "2024年6月30日前" in shown


def test_seed_is_read_with_its_counts() -> None:
    shown = get(imported(SimpleUploadedFile("分工.txt", SEED)))
    assert "读出 5 个工程、22 项任务、48 个子项。" in shown
    assert "<b>9 处有提示</b>：8 处已按常规处理，1 处请您定。" in shown


@pytest.mark.parametrize(
    ("file", "sentence", "status"),
    [
        (None, "请先选择文件。", 422),
        (SimpleUploadedFile("空.docx", b""), "这个文件是空的，请重新选择。", 422),
        (SimpleUploadedFile("清单.txt", "采购清单".encode()), "请", 422),
        (SimpleUploadedFile("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "另存为", 422),
        (SimpleUploadedFile("坏.docx", b"PK\x03\x04 no archive"), "请", 422),
    ],
    ids=["none", "empty", "no table", "old Excel", "broken archive"],
)
def test_file_that_is_not_taken_leaves_nothing_behind(
    file: SimpleUploadedFile | None, sentence: str, status: int
) -> None:
    response = logged_in().post("/imports/", {"file": file} if file else {})
    assert (response.status_code, sentence in page(response)) == (status, True)
    assert (Plan.objects.drafts().count(), PlanDocument.objects.count(), LongWork.objects.count()) == (0, 0, 0)


def test_file_that_is_too_large_is_told_so(settings: object) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    response = logged_in().post("/imports/", {"file": SimpleUploadedFile("大.txt", bytes(1024 * 1024 + 1))})
    assert (response.status_code, "文件超过 1 MB" in page(response)) == (413, True)
    assert not Plan.objects.drafts().exists()


def test_revision_is_preselected_and_kept_after_a_refusal(pingluo: Plan) -> None:
    chosen = f'<option value="{pingluo.pk}" selected>'
    assert chosen in page(logged_in().get("/imports/", {"revises": pingluo.pk}))
    assert chosen in page(logged_in().post("/imports/", {"revises": pingluo.pk}))


def test_person_of_several_units_says_whose_plan_it_is(draft: Plan) -> None:
    unit = Unit.objects.get(name="财政局")
    assert "统筹单位</label>" not in page(logged_in().get("/imports/"))
    Post.objects.create(user=User.objects.get(username=OWN), unit=unit, role=Role.COORDINATOR)
    assert "统筹单位</label>" in page(logged_in().get("/imports/"))
    assert imported(word_file(CLEAR), owner=str(unit.pk)).owner == unit


def test_drafts_are_listed_with_step_and_open_questions(draft: Plan) -> None:
    shown = page(logged_in().get("/imports/"))
    assert "重点任务.docx" in shown and "核对内容" in shown
    assert "4 行" in shown and "2 处请您定" in shown and "2 个单位没对应" in shown


def test_discarding_says_what_it_does_and_does_it(draft: Plan) -> None:
    assert "丢弃后草稿和原文件都删除，不能恢复。" in page(logged_in().get("/imports/"))
    response = post(draft, "discard/")
    assert (response.status_code, said(response)) == (303, ["已丢弃《某县2024年重点任务责任分工》的草稿。"])
    assert not Plan.objects.drafts().exists()


def test_document_goes_out_as_it_came(draft: Plan) -> None:
    response = logged_in().get(f"/imports/{draft.pk}/document/")
    assert response.content == bytes(PlanDocument.objects.get(plan=draft).data)
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_another_file_takes_the_place_of_the_first(draft: Plan) -> None:
    assert post(draft, "replace/", file=word_file(CLEAR)).status_code == 303
    assert [each["text"] for each in Draft(Plan.objects.get(pk=draft.pk).table).rows] == ["新建幼儿园3所", "检查食堂"]


def test_another_file_that_is_no_table_is_refused_on_a_page_that_goes_on(draft: Plan) -> None:
    response = post(draft, "replace/", file=SimpleUploadedFile("清单.txt", "采购清单".encode()))
    assert (response.status_code, "文件没有读成" in page(response)) == (422, True)
    assert "丢弃这份草稿" in get(draft) and "读取这个文件" in get(draft)
    assert edit_of_unread(draft) == 409


def edit_of_unread(draft: Plan) -> int:
    return post(draft, "rows/1/", version=1, do="leave_out").status_code


# --- while it is read -------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(draft: Plan) -> LongWork:
    """A reading nobody has begun."""
    Plan.objects.filter(pk=draft.pk).update(table={})
    return LongWork.objects.create(
        kind="read", plan=draft, by=User.objects.get(username=OWN), asked_at=timezone.now(), done=1200, total=10000
    )


def test_heavy_file_waits_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.views.imports.uploads.LIGHT_ARCHIVE", 10)
    draft = imported(word_file(ROWS))
    assert "正在排队，前面的办完就开始。" in get(draft)
    assert long_work.do_waiting(now=clock.now()) == 1
    assert "读出 4 个子项" in get(draft)


def test_progress_is_said_in_rows_and_asked_for_again(draft: Plan, waiting: LongWork) -> None:
    LongWork.objects.update(claimed_at=timezone.now())
    shown = get(draft)
    assert "已读 1,200 行，共 10,000 行" in shown and 'value="1200" max="10000"' in shown
    assert f'hx-get="/imports/{draft.pk}/progress/"' in shown and 'http-equiv="refresh"' in shown
    bar = page(logged_in().get(f"/imports/{draft.pk}/progress/", headers={"HX-Request": "true"}))
    assert "<html" not in bar and "已读 1,200 行" in bar


def test_progress_leads_on_when_it_has_ended(draft: Plan, waiting: LongWork) -> None:
    long_work.do_waiting(now=clock.now())
    path, htmx = f"/imports/{draft.pk}/progress/", {"HX-Request": "true"}
    assert logged_in().get(path).url == f"/imports/{draft.pk}/"  # type: ignore[attr-defined]
    assert logged_in().get(path, headers=htmx)["HX-Redirect"] == f"/imports/{draft.pk}/"


def test_draft_a_worker_has_takes_no_other_file(draft: Plan, waiting: LongWork) -> None:
    response = post(draft, "replace/", file=word_file(CLEAR))
    assert (response.status_code, PlanDocument.objects.get(plan=draft).filename) == (409, "重点任务.docx")


def test_reading_that_was_refused_by_the_worker_says_why(draft: Plan, waiting: LongWork) -> None:
    LongWork.objects.update(finished_at=timezone.now(), refusal="没有找到表头。")
    assert "没有找到表头。" in get(draft) and "读取这个文件" in get(draft)


# --- 核对内容 ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "seen", "unseen"),
    [
        ({}, ["开展督导", "检查食堂", "建成操场"], ["新建幼儿园"]),
        ({"show": "decide"}, ["开展督导", "建成操场"], ["新建幼儿园", "检查食堂"]),
        ({"show": "all"}, ["新建幼儿园", "开展督导", "检查食堂", "建成操场"], []),
        ({"kind": "lead_also_support"}, ["建成操场"], ["开展督导"]),
        ({"unit": "各乡镇"}, ["开展督导"], ["新建幼儿园", "检查食堂"]),
        ({"show": "没有", "kind": "没有", "page": "x"}, ["没有这样的行"], []),
    ],
    ids=["hinted", "to decide", "all", "of a kind", "of a unit", "nonsense"],
)
def test_rows_are_narrowed_by_the_address(
    draft: Plan, asked: dict[str, str], seen: list[str], unseen: list[str]
) -> None:
    shown = get(draft, **asked)
    assert ([words for words in seen if words not in shown], [words for words in unseen if words in shown]) == ([], [])


def test_hint_marks_its_words_and_stands_below_without_its_place(draft: Plan) -> None:
    shown = get(draft)
    for words in ("按时间节点", "各有关部门", "到2025年"):
        assert f"<mark>{words}</mark>" in shown
    assert "的教体局既是牵头" not in shown and "教体局既是牵头单位又列在“配合单位”" in shown
    assert "第3行" not in shown


def test_what_people_wrote_is_escaped() -> None:
    rows = [("1", "<script>alert(1)</script>", "<b>教体局</b>", "", "<i>适时</i>")]
    plan = imported(word_file(rows, title="<u>表</u>责任分工"))
    shown = get(plan, show="all") + get(plan, "units/") + get(plan, "publish/") + get(plan, "rows/1/")
    assert not any(tag in shown for tag in ("<script>alert", "<b>教体局", "<i>适时", "<u>表"))


def test_correction_is_saved_and_the_original_stays_in_sight(draft: Plan) -> None:
    response = edit(draft, 1, "?show=decide&page=1", text="开展春季督导", deadline_raw="2024年9月底")
    assert (response.status_code, response.url) == (303, f"/imports/{draft.pk}/?show=decide&page=1&row=2#row-2")  # type: ignore[attr-defined]
    shown = get(draft, show="decide", row="2")
    assert "开展春季督导" in shown and "2024年9月30日前" in shown
    assert "具体内容：开展督导" in shown and "完成时限：按时间节点" in shown and "您改了 1 行" in shown


def test_refused_correction_keeps_what_was_typed(draft: Plan) -> None:
    response = edit(draft, 0, text="新建幼儿园5所", deadline_raw="适时")
    assert response.status_code == 422
    assert "读不出完成时限“适时”" in page(response) and ">新建幼儿园5所</textarea>" in page(response)
    assert row(draft, 0)["text"] == "新建幼儿园3所"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"leads_raw": "教\0体局"}, "“牵头单位”里有无法保存的字符"),
        ({"text": "甲\u202e乙"}, "“具体内容”里有无法保存的字符"),
        ({"text": "长" * 5001}, "“具体内容”超过 5000 字"),
        ({"item_no": "1\n2"}, "“编号”要写成一行。"),
        ({"deadline_raw": "长" * 300}, f"读不出完成时限“{'长' * 40}”"),
    ],
    ids=["NUL", "bidi", "too long", "two lines", "long deadline"],
)
def test_refusal_names_the_cell(draft: Plan, fields: dict[str, str], sentence: str) -> None:
    response = edit(draft, 0, **fields)
    assert (response.status_code, sentence in page(response)) == (422, True)


def test_cell_longer_than_people_may_write_does_not_bar_the_others() -> None:
    long = "长" * 6000
    plan = imported(word_file([("1", long, "教体局", "", "适时")]))
    assert edit(plan, 0, text=long, leads_raw="教体局", deadline_raw="2024年底").status_code == 303
    assert row(plan, 0)["text"] == long


def test_hint_marks_only_the_cell_it_names(draft: Plan) -> None:
    shown = get(draft, kind="unit_not_named")
    assert "<mark>各有关部门</mark>" in shown and "<mark>教体局</mark>" not in shown


def test_stale_correction_is_told_and_can_be_repeated(draft: Plan) -> None:
    edit(draft, 0, text="新建幼儿园4所")
    response = edit(draft, 0, text="新建幼儿园5所", version=1)
    assert (response.status_code, "别人刚改过这一行" in page(response)) == (409, True)
    assert ">新建幼儿园5所</textarea>" in page(response) and 'name="version" value="2"' in page(response)


def test_form_of_a_row_stands_in_the_table(draft: Plan) -> None:
    shown = get(draft, "rows/3/")
    assert 'id="row-text"' in shown and 'name="freq"' in shown and "检查食堂" in shown
    assert 'name="freq"' not in get(draft, "rows/1/")
    assert logged_in().get(f"/imports/{draft.pk}/rows/99/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "due_on"),
    [
        ({"deadline": "stand"}, "2024-12-31"),
        ({"deadline": "goal"}, "2025-12-31"),
        ({"deadline": "other", "on": "2025-08-31"}, "2025-08-31"),
    ],
)
def test_contradicting_deadline_is_settled_in_one_click(draft: Plan, fields: dict[str, str], due_on: str) -> None:
    assert "2024年12月31日（按完成时限）" in get(draft)
    assert edit(draft, 3, **fields).status_code == 303
    assert row(draft, 3)["deadline"]["due_on"] == due_on  # type: ignore[index]
    assert row(draft, 3)["text"] == "到2025年建成操场"
    assert "按完成时限" not in get(draft)


@pytest.mark.parametrize("fields", [{"freq": "每周"}, {"target": ["9", "-1", "x"], "text": "新建幼儿园3所"}])
def test_what_the_form_cannot_send_is_left_out(draft: Plan, fields: dict[str, object]) -> None:
    before = row(draft, 0)
    assert edit(draft, 0, **fields).status_code == 303
    assert (row(draft, 0)["targets"], row(draft, 0)["deadline"]) == ([], before["deadline"])


def test_target_ticked_is_taken(draft: Plan) -> None:
    assert "3 所" in get(draft, "rows/1/")
    edit(draft, 0, text="新建幼儿园3所", target=["0"])
    assert [target["value"] for target in row(draft, 0)["targets"]] == ["3"]  # type: ignore[attr-defined]


def test_cells_of_several_lines_are_no_change() -> None:
    plan = imported(word_file([("1", "新建操场", "教体局\n财政局", "", "2024年\n6月底")]))
    edit(plan, 0, text="新建操场", leads_raw="教体局\r\n财政局", deadline_raw="2024年6月底")
    assert row(plan, 0)["leads"] == ["教体局", "财政局"]
    assert "原文" not in get(plan, show="all").split("<table")[1].split("</table")[0]


def test_row_left_out_is_grey_and_comes_back(draft: Plan) -> None:
    edit(draft, 1, do="leave_out")
    assert "left-out" in get(draft, show="all") and "另有 1 行您定了不作为任务。" in get(draft)
    edit(draft, 1, do="take_in")
    assert "left-out" not in get(draft, show="all")


def test_rows_that_are_no_tasks_are_listed() -> None:
    plan = imported(word_file([*CLEAR, ("注：完成时限含当日。", "", "", "", "")]))
    shown = get(plan)
    assert "没有作为任务读入的" in shown and "注：完成时限含当日。" in shown


def test_long_tables_have_pages() -> None:
    plan = imported(word_file([(str(no), f"任务{no:03}", "教体局", "", "2024年") for no in range(1, 121)]))
    first, second = get(plan), get(plan, page="2")
    assert "任务100" in first and "任务101" not in first and "共 120 行，这一页是第 1 到第 100 行" in first
    assert "任务101" in second and "上一页" in second
    assert "任务110" in get(plan, show="all", row="110")  # wherever it stands


# --- 对应单位 ---------------------------------------------------------------------------------------------------------
def test_names_nobody_knows_are_asked_for_and_the_rest_is_listed(draft: Plan) -> None:
    shown = get(draft, "units/")
    assert "4 个单位名称已经对上，<b>还有 2 个请您定</b>" in shown
    assert "各有关部门" in shown and "没有指明是哪些单位" in shown
    assert "一组，13 个成员" in shown and "别名" in shown


def decide(plan: Plan, *names: str, **fields: object) -> HttpResponse:
    return post(plan, "units/", name=list(names), **fields)


def pk(name: str) -> str:
    return str(Unit.objects.get(name=name).pk)


def test_every_decision_of_the_page_is_saved(draft: Plan) -> None:
    fields = {"to-0": "new", "kind-0": "government", "to-1": "other", "units-1": [pk("财政局"), pk("公安局")]}
    response = decide(draft, "教育督导室", "各有关部门", **fields)
    assert (response.status_code, said(response)) == (303, ["已定下 2 个单位名称。"])
    assert Unit.objects.get(name="教育督导室").kind == "government"
    draft.refresh_from_db()
    assert Draft(draft.table).units_decided() == {"各有关部门": [int(pk("财政局")), int(pk("公安局"))]}
    assert "6 个单位名称都对上了" in get(draft, "units/") and "没有指明单位" not in get(draft, show="all")


def test_match_is_remembered_where_wanted(draft: Plan) -> None:
    decide(draft, "教育督导室", **{"to-0": pk("教体局"), "remember-0": "on"})
    assert "教育督导室" in Unit.objects.get(name="教体局").aliases
    decide(draft, "各有关部门", **{"to-0": "none"})
    assert "不列入" in get(draft, "units/")


def test_refused_decision_is_named_and_the_others_stand(draft: Plan) -> None:
    fields = {"to-0": "new", "kind-0": "没有", "to-1": "none"}
    response = decide(draft, "教育督导室", "各有关部门", **fields)
    assert (response.status_code, "请选单位的类别。" in page(response)) == (422, True)
    draft.refresh_from_db()
    assert Draft(draft.table).units_decided() == {"各有关部门": []}


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 303), ({"to-0": "other"}, 422), ({"to-0": "999999999"}, 422), ({"to-0": "other", "units-0": "x"}, 422)],
    ids=["nothing chosen", "no unit chosen", "unknown unit", "no number"],
)
def test_nothing_is_decided_by_what_says_nothing(draft: Plan, fields: dict[str, str], status: int) -> None:
    assert decide(draft, "教育督导室", **fields).status_code == status
    draft.refresh_from_db()
    assert Draft(draft.table).units_decided() == {}


def test_name_the_table_does_not_have_is_refused(draft: Plan) -> None:
    response = decide(draft, "没写过的局", **{"to-0": "new", "kind-0": "government"})
    assert response.status_code == 422 and not Unit.objects.filter(name="没写过的局").exists()


def test_all_names_can_be_created_at_once_but_those_that_name_nobody(draft: Plan) -> None:
    fields = {"do": "create_all", "kind-0": "government", "kind-1": "group"}
    response = decide(draft, "教育督导室", "各有关部门", **fields)
    assert (response.status_code, said(response)) == (303, ["已定下 1 个单位名称。"])
    assert Unit.objects.filter(name="教育督导室").exists() and not Unit.objects.filter(name="各有关部门").exists()


def test_name_of_another_unit_is_no_alias(draft: Plan) -> None:
    shown = get(draft, "units/", name="财政局")
    assert "checked" not in shown.split('name="remember-0"')[1].split(">")[0]  # a clear name wants none
    response = decide(draft, "财政局", **{"to-0": pk("教体局"), "remember-0": "on"})
    assert (response.status_code, "已经是财政局的名称，不能再记为别名" in page(response)) == (422, True)
    assert decide(draft, "财政局", **{"to-0": pk("教体局")}).status_code == 303
    assert "财政局" not in Unit.objects.get(name="教体局").aliases


def test_decisions_of_one_page_are_one_commit(draft: Plan) -> None:
    fields = {"to-0": "new", "kind-0": "government", "to-1": "none"}
    with CaptureQueriesContext(connection) as captured:
        decide(draft, "教育督导室", "各有关部门", **fields)
    written = [each["sql"] for each in captured if each["sql"].startswith('UPDATE "workflow_plan"')]
    assert len(written) == 1


def test_draft_that_ended_meanwhile_refuses_decisions(draft: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.views.imports.access._elsewhere", lambda request, plan: None)
    Plan.objects.filter(pk=draft.pk).update(applied_at=timezone.now())
    response = decide(draft, "教育督导室", **{"to-0": "none"})
    assert (response.status_code, "这份草稿已经办结，不能再改。" in page(response)) == (409, True)


def test_draft_thrown_away_meanwhile_is_not_found(clear: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.views.imports.access._elsewhere", lambda request, plan: plan.delete() and None)
    assert publish(clear).status_code == 404


def test_decision_can_be_taken_back(draft: Plan) -> None:
    decide(draft, "教育督导室", **{"to-0": pk("教体局")})
    shown = get(draft, "units/", name="教育督导室")
    assert f'name="to-0" value="{pk("教体局")}" checked' in shown or "“教育督导室”重新选一次" in shown


# --- 发布 -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def clear() -> Plan:
    return imported(word_file(CLEAR))


def publish(plan: Plan, **fields: object) -> HttpResponse:
    plan.refresh_from_db()
    return post(plan, "publish/", **{"title": plan.title, "version": Draft(plan.table).version, **fields})


def test_what_still_prevents_publishing_is_listed_with_its_place(draft: Plan) -> None:
    shown = get(draft, "publish/")
    assert "还有 2 处要先定下来" in shown and 'aria-disabled="true"' in shown
    assert "还有 2 个单位名称没有对应：教育督导室、各有关部门。" in shown
    assert "第3行（2）：完成时限“按时间节点”读不出日期，请定下日期。" in shown and "row=2#row-2" in shown


def test_units_in_which_nobody_could_sign_are_named(pingluo: Plan, clear: Plan) -> None:
    assert "没人能签收" not in get(clear, "publish/")
    Unit.objects.create(region=pingluo.region, name="新设局", full_name="新设局", kind=Unit.Kind.GOVERNMENT)
    Unit.objects.create(region=pingluo.region, name="各园区", full_name="各园区", kind=Unit.Kind.GROUP)
    plan = imported(word_file([("1", "新建幼儿园", "新设局", "财政局、各乡镇、各园区", "2024年6月底")]))
    assert "派去的子项没人能签收：新设局、各园区。" in get(plan, "publish/")


def test_publishing_leads_to_the_ledger_and_says_what_happened(clear: Plan) -> None:
    assert "<b>2 个子项派给 2 个单位</b>" in get(clear, "publish/")
    response = publish(clear, title="某县重点任务", officers_may_submit="on", asks_supports_at_dispatch="on")
    assert (response.status_code, response.url) == (303, f"/ledger/?plan={clear.pk}")  # type: ignore[attr-defined]
    assert said(response) == ["已发布，2 个子项已派给 2 个单位。"]
    clear.refresh_from_db()
    assert (clear.title, clear.officers_may_submit, clear.leads_never_verify) == ("某县重点任务", True, False)
    assert clear.asks_supports_at_dispatch and Part.objects.filter(item__plan=clear).exists()
    assert SubItem.objects.filter(plan=clear).count() == 2


def test_published_draft_leads_to_its_ledger(clear: Plan) -> None:
    publish(clear)
    for step in ("", "units/", "publish/", "rows/1/"):
        assert logged_in().get(f"/imports/{clear.pk}/{step}").url == f"/ledger/?plan={clear.pk}"  # type: ignore[attr-defined]
    assert publish(clear).status_code == 302 and SubItem.objects.filter(plan=clear).count() == 2


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"version": 0}, 409, "别人刚改过这份草稿"),
        ({"title": " "}, 422, "标题要写成一行"),
        ({"title": "长" * 201}, 422, "标题要写成一行"),
        ({"title": "长" * 5001}, 422, "“标题”超过 5000 字"),
        ({"title": "甲\0乙"}, 422, "“标题”里有无法保存的字符"),
        ({"title": "甲\u202e乙"}, 422, "“标题”里有无法保存的字符"),
    ],
)
def test_refused_publishing_keeps_what_was_typed(
    clear: Plan, fields: dict[str, object], status: int, sentence: str
) -> None:
    response = publish(clear, leads_never_verify="on", **fields)
    assert (response.status_code, sentence in page(response)) == (status, True)
    assert 'name="leads_never_verify" checked' in page(response)
    assert not SubItem.objects.filter(plan=clear).exists()


def test_dates_that_passed_are_listed_and_agreed_to_once() -> None:
    plan = imported(word_file([*CLEAR, ("3", "旧事", "教体局", "", "2020年")]))
    assert "1 项的时限已经过了" in get(plan, "publish/")
    response = publish(plan)
    assert (response.status_code, "请确认照原时限发布" in page(response)) == (422, True)
    assert said(publish(plan, passed_agreed="on")) == [
        "已发布，3 个子项已派给 2 个单位。其中 1 项时限已过，照原时限办，催办从今天算起。"
    ]


def test_plan_of_the_same_title_is_worth_a_word(pingluo: Plan) -> None:
    plan = imported(SimpleUploadedFile("分工.txt", SEED))
    shown = get(plan, "publish/")
    assert "已有同名方案" in shown and f"/imports/?revises={pingluo.pk}" in shown
    assert "还有 1 处请您定的没有定" in shown and 'aria-disabled="true"' not in shown


def test_many_rows_are_published_by_a_worker(clear: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.views.imports.publishing.AT_ONCE", 1)
    assert publish(clear).url == f"/imports/{clear.pk}/progress/"  # type: ignore[attr-defined]
    assert "正在发布方案" in get(clear)
    assert publish(clear).status_code == 409
    long_work.do_waiting(now=clock.now())
    response = logged_in().get(f"/imports/{clear.pk}/progress/")
    assert (response.url, said(response)) == (f"/ledger/?plan={clear.pk}", ["已发布，2 个子项已派给 2 个单位。"])  # type: ignore[attr-defined]


# --- 核对变更 ---------------------------------------------------------------------------------------------------------
FIRST = [
    ("1", "新建幼儿园", "教体局", "财政局", "2024年6月底"),
    ("2", "开展督导", "教体局", "", "2024年底"),
    ("3", "检查食堂", "教体局", "", "长期坚持"),
    ("4", "修缮校舍", "教体局", "", "2025年"),
]
REVISED = [
    ("1", "新建普惠幼儿园", "教体局", "", "2024年9月底"),
    ("2", "开展督导", "教体局", "", "2024年底"),
    ("3", "检查食堂", "教体局", "", "长期坚持"),
    ("4", "新事一件", "财政局", "", "2025年底"),
]


@pytest.fixture
def revision() -> Plan:
    """A revision of a published plan: 1 reworded and moved, 4 replaced by another."""
    first = imported(word_file(FIRST, title="某县重点任务"))
    publish(first)
    return imported(word_file(REVISED, title="某县重点任务（修订）"), revises=str(first.pk))


def codes(plan: Plan) -> list[str]:
    return [part["code"] for group in changes(plan).context["groups"] for part in group["parts"]]


def changes(plan: Plan) -> HttpResponse:
    return logged_in().get(f"/imports/{plan.pk}/changes/")


def test_changes_are_grouped_and_marked_word_by_word(revision: Plan) -> None:
    shown = page(changes(revision))
    for words in ("新增", "不再列入", "有改动", "有 3 处不同", "其余 2 项没有变化"):
        assert words in shown
    assert "新建<ins>普惠</ins>幼儿园" in shown and "<del>财政局</del>" in shown
    assert "2024年<del>6月</del><ins>9月</ins>30日前" in shown


def test_steps_of_a_revision_end_in_the_changes(revision: Plan) -> None:
    assert "核对变更" in get(revision) and "下一步：核对变更" in get(revision, "units/")
    assert logged_in().get(f"/imports/{revision.pk}/publish/").url == f"/imports/{revision.pk}/changes/"  # type: ignore[attr-defined]


def test_accepted_parts_are_carried_out_and_told(revision: Plan) -> None:
    response = post(revision, "changes/", part=codes(revision), basis="县政府第3次会议")
    assert (response.status_code, response.url) == (303, f"/imports/{revision.pk}/result/")  # type: ignore[attr-defined]
    shown = page(logged_in().get(f"/imports/{revision.pk}/result/"))
    assert "已办 3 处" in shown and "依据：县政府第3次会议" in shown
    states = dict(SubItem.objects.filter(plan=revision.revises).values_list("text", "state"))
    assert states["修缮校舍"] == "cancelled" and states["新事一件"] == "assigned" and "新建普惠幼儿园" in states
    assert logged_in().get(f"/imports/{revision.pk}/").url == f"/imports/{revision.pk}/result/"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("parts", "basis", "sentence"),
    [
        (0, "会议", "请先勾选要办理的变更。"),
        (1, " ", "请写明修订的依据。"),
        (1, "\u200b", "请写明修订的依据。"),
        (1, "长" * 501, "依据超过 500 字"),
        (1, "会\0议", "有无法保存的字符"),
    ],
)
def test_what_is_missing_is_asked_for_and_ticks_are_kept(revision: Plan, parts: int, basis: str, sentence: str) -> None:
    chosen = codes(revision)[:parts]
    response = post(revision, "changes/", part=chosen, basis=basis)
    assert (response.status_code, sentence in page(response)) == (422, True)
    assert (
        page(response).count('name="part"') == 3
        and len(re.findall(r'name="part"[^>]* checked', page(response))) == parts
    )


def test_part_that_cannot_be_carried_out_says_why(revision: Plan) -> None:
    SubItem.objects.filter(plan=revision.revises, number="4").update(state="closed")
    shown = page(changes(revision))
    assert "现在是“已销号”，不能改。" in shown and shown.count('name="part"') == 2


def test_part_that_was_refused_is_told_and_the_draft_stays(revision: Plan) -> None:
    chosen = codes(revision)
    response = post(revision, "changes/", part=[chosen[-1], "changed-999999"], basis="会议")
    shown = page(logged_in().get(response.url))  # type: ignore[attr-defined]
    assert "1 处没有办成" in shown and "这一处和打开页面时不同了" in shown and "已办 1 处" in shown
    assert len(codes(revision)) == 2


def test_ticks_no_page_of_ours_sends_are_left_out(revision: Plan) -> None:
    response = post(revision, "changes/", part=["\0", "added", "x" * 5000], basis="会议")
    assert (response.status_code, "请先勾选" in page(response)) == (422, True)


def test_revision_of_a_long_table_can_be_ticked_as_a_whole(revision: Plan) -> None:
    response = post(revision, "changes/", part=[f"changed-{no}" for no in range(2000)], basis="会议")
    assert response.url == f"/imports/{revision.pk}/progress/"  # type: ignore[attr-defined]


def test_result_says_of_each_number_what_was_done(revision: Plan) -> None:
    post(revision, "changes/", part=codes(revision), basis="会议")
    groups = logged_in().get(f"/imports/{revision.pk}/result/").context["groups"]
    assert groups == [("新增", ["4"]), ("不再列入", ["4"]), ("有改动", ["1"])]


def test_changed_units_are_marked_by_their_whole_names(revision: Plan) -> None:
    edit(revision, 1, leads_raw="财政局")
    assert "<del>教体局</del><ins>、财政局</ins>" in page(changes(revision))


def test_changes_wait_until_the_units_are_known(revision: Plan) -> None:
    edit(revision, 3, leads_raw="没有的局")
    assert "下面几处定下来，才能和现行方案比较。" in page(changes(revision))


# --- what it costs ----------------------------------------------------------------------------------------------------
def cost(path: str) -> int:
    client = logged_in()
    client.get(path)  # what is kept in memory is read before
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("step", ["", "?show=all", "rows/1/", "units/", "publish/"])
def test_step_costs_the_same_for_few_and_many_rows_and_units(step: str) -> None:
    few = imported(word_file([("1", "甲", "教体局", "某局", "2024年")]))
    many = imported(word_file([(str(no), f"事{no}", "教体局", f"第{no}号局、财政局", "适时") for no in range(1, 40)]))
    assert cost(f"/imports/{few.pk}/{step}") == cost(f"/imports/{many.pk}/{step}")


def test_list_of_drafts_costs_the_same_for_one_and_many(draft: Plan) -> None:
    one = cost("/imports/")
    for _time in range(3):
        imported(word_file(CLEAR))
    assert cost("/imports/") == one


def test_changes_cost_the_same_for_few_and_many(revision: Plan) -> None:
    few = cost(f"/imports/{revision.pk}/changes/")
    rows = [(str(no), f"另一件事第{no}号", "财政局", "教体局", "2025年") for no in range(1, 30)]
    many = imported(word_file(rows), revises=str(revision.revises_id))
    assert cost(f"/imports/{many.pk}/changes/") == few
