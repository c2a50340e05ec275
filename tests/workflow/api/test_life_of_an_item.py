from collections.abc import Callable

from django.utils import timezone

from workflow import clock
from workflow.models import JournalEntry, SubItem
from workflow.models.journal import broken_links

from .conftest import PDF, Caller

Callers = Callable[[str], Caller]


def test_an_item_from_dispatch_to_closing(caller: Callers, at: Callable[[str], str]) -> None:
    officer, head, verifier = caller("majianjun"), caller("dinghaiyan"), caller("yangjing")
    coordinator, path = caller("wangxuewen"), at("2.1")

    seen = officer.get(path).json()
    assert {name: seen[name] for name in ("number", "leads", "supports", "state", "holder", "version", "moves")} == {
        "number": "2.1",
        "leads": ["教体局"],
        "supports": [],
        "state": "assigned",
        "holder": "教体局",
        "version": 1,
        "moves": ["accept"],
    }
    assert seen["verifier"]["unit"] == "教育工委"
    assert "不能自己审" in seen["verifier"]["reason"]

    accepted = officer.post(f"{path}/moves/accept", {"version": 1})
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["version"]) == (200, "in_progress", 2)
    assert accepted.json().items() < officer.get(path).json().items()

    reported = officer.post(f"{path}/reports", {"percent": 60, "text": "已开展县级联赛。"})
    assert (reported.status_code, reported.json()["percent"], reported.json()["version"]) == (201, 60, 3)
    uploaded = officer.upload(f"{path}/evidence", caption="比赛照片")
    assert uploaded.status_code == 201
    assert uploaded.json().keys() == {"id", "filename", "size", "sha256"}
    assert (uploaded.json()["filename"], uploaded.json()["size"]) == ("总结.pdf", len(PDF))

    assert officer.get(path).json()["moves"] == ["assign"]  # the head signs
    assert head.get(path).json()["moves"] == ["assign", "submit"]
    submitted = head.post(f"{path}/moves/submit", {"version": 4, "summary": "三级竞赛体系已建成。"}).json()
    assert (submitted["state"], submitted["holder"], submitted["version"]) == ("submitted", "教育工委", 5)
    assert submitted["moves"] == ["withdraw"]

    assert verifier.get(path).json()["moves"] == ["approve", "reject"]
    rejected = verifier.post(f"{path}/moves/reject", {"version": 5, "comment": "缺少班级比赛记录。"}).json()
    assert (rejected["state"], rejected["holder"], rejected["version"]) == ("in_progress", "教体局", 6)
    head.post(f"{path}/moves/submit", {"version": 6, "summary": "已补班级比赛记录。"})
    approved = verifier.post(f"{path}/moves/approve", {"version": 7}).json()
    assert (approved["state"], approved["light"], approved["version"]) == ("verified", "blue", 8)
    closed = coordinator.post(f"{path}/moves/close", {"version": 8}).json()
    assert (closed["state"], closed["holder"], closed["version"]) == ("closed", None, 9)
    assert closed["moves"] == ["reopen"]


def test_the_journal_is_told_oldest_first(caller: Callers, in_progress: str, item: Callable[[str], SubItem]) -> None:
    entries = caller("majianjun").get(f"{in_progress}/journal").json()
    assert [(entry["seq"], entry["action"], entry["from_state"], entry["to_state"]) for entry in entries] == [
        (1, "dispatch", "", "assigned"),
        (2, "accept", "assigned", "in_progress"),
    ]
    assert entries[0].keys() == {
        *(
            "seq",
            "action",
            "from_state",
            "to_state",
            "actor",
            "for",
            "unit",
            "at",
            "comment",
            "basis",
            "hash",
            "prev_hash",
        )
    }
    assert (entries[1]["actor"], entries[1]["unit"]) == ("马建军", "教体局")
    assert entries[1]["prev_hash"] == entries[0]["hash"]
    assert entries[1]["at"] == stored(entries[1]["seq"], item("2.1"))
    kept = item("2.1")
    assert list(broken_links(str(kept.uid), kept.seq, kept.head, kept.journal.order_by("seq"))) == []


def test_an_item_says_who_used_the_days(caller: Callers, in_progress: str) -> None:
    head = caller("dinghaiyan")
    head.post(f"{in_progress}/reports", {"percent": 60, "text": "已开展县级联赛。"})
    clock.forward(20)  # to Monday 13 December 2021
    head.post(f"{in_progress}/moves/submit", {"version": 3, "summary": "三级竞赛体系已建成。"})
    clock.forward(1)
    assert head.get(in_progress).json()["days"] == [
        {"unit": "教体局", "phase": "handling", "working_days": 15, "overdue_days": 0},
        {"unit": "教育工委", "phase": "review", "working_days": 1, "overdue_days": 0},
    ]


def stored(seq: int, item: SubItem) -> str:
    """Local time, to the microsecond that the hash covers."""
    return timezone.localtime(JournalEntry.objects.get(item=item, seq=seq).at).isoformat()


def test_a_colleague_can_be_named_when_signing(caller: Callers, at: Callable[[str], str]) -> None:
    path = at("2.1")
    named = caller("dinghaiyan").post(f"{path}/moves/accept", {"version": 1, "assignee": "baihuiling"})
    assert named.status_code == 200
    assert SubItem.objects.get(number="2.1").assignee.username == "baihuiling"


def test_reopening_takes_reason_and_date(caller: Callers, at: Callable[[str], str], in_progress: str) -> None:
    caller("majianjun").post(f"{in_progress}/reports", {"percent": 100, "text": "完成。", "version": 2})
    caller("dinghaiyan").post(f"{in_progress}/moves/submit", {"version": 3, "summary": "完成。"})
    caller("yangjing").post(f"{in_progress}/moves/approve", {"version": 4})
    body = {"version": 5, "comment": "回头看发现反弹。", "due_on": "2022-06-30"}
    reopened = caller("lizhiqiang").post(f"{in_progress}/moves/reopen", body).json()
    assert (reopened["state"], reopened["due_on"]) == ("in_progress", "2022-06-30")


def test_a_coordinator_amends_and_reassigns(caller: Callers, in_progress: str) -> None:
    coordinator = caller("wangxuewen")
    assert coordinator.get(in_progress).json()["moves"] == ["amend", "reassign", "name-verifier", "suspend", "cancel"]
    body = {
        "version": 2,
        "comment": "平教领发〔2021〕9号",
        "text": "建成三级竞赛体系。",
        "supports": ["县财政局", "科协"],
        "deadline": {"kind": "date", "start_on": None, "due_on": "2023-06-30", "freq": None},
        "notes": None,
    }
    amended = coordinator.post(f"{in_progress}/moves/amend", body).json()
    changed = ("state", "version", "text", "leads", "supports", "deadline_raw", "due_on")
    assert [amended[name] for name in changed] == [
        *("in_progress", 3, "建成三级竞赛体系。", ["教体局"], ["财政局", "科协"], "2023年6月30日", "2023-06-30")
    ]
    body = {"version": 3, "comment": "平教领发〔2021〕9号", "leads": ["科协", "教体局"]}
    given = coordinator.post(f"{in_progress}/moves/reassign", body).json()
    changed = ("state", "version", "holder", "leads", "supports", "due_on")
    assert [given[name] for name in changed] == [*("assigned", 4, "科协", ["科协", "教体局"], ["财政局"], "2023-06-30")]
    assert caller("lvsiyuan").get(in_progress).json()["moves"] == ["accept"]
    assert caller("majianjun").get(in_progress).json()["moves"] == []


def test_files_go_out_to_those_who_see_the_item_whole(caller: Callers, in_progress: str) -> None:
    evidence_id = caller("majianjun").upload(f"{in_progress}/evidence").json()["id"]
    for username in ("majianjun", "yangjing", "lizhiqiang", "zhoumin"):
        sent = caller(username).get(f"evidence/{evidence_id}/file")
        assert (sent.status_code, b"".join(sent.streaming_content)) == (200, PDF)
        assert sent.headers["Content-Disposition"].startswith("attachment")
    shown = caller("majianjun").get(f"evidence/{evidence_id}/view")
    assert shown.headers["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


def test_text_is_sent_but_not_shown(caller: Callers, in_progress: str) -> None:
    officer = caller("majianjun")
    evidence_id = officer.upload(f"{in_progress}/evidence", "说明".encode(), "说明.txt").json()["id"]
    assert officer.get(f"evidence/{evidence_id}/file").status_code == 200
    assert officer.get(f"evidence/{evidence_id}/view").status_code == 404
