"""Two functions write `state`, make_move and publish: read off the source, so that a third one shows at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from workflow.models.moves import MOVES

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "config", "notifications", "workflow")
ROWS = {"update", "create", "get_or_create", "update_or_create", "SubItem"}


def functions() -> Iterator[tuple[str, ast.AST]]:
    """(module:function, node) of all product code; what is outside functions counts for its module."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            place = path.relative_to(ROOT).with_suffix("").as_posix()
            for node, name in named(ast.parse(path.read_text(encoding="utf-8")), ""):
                yield f"{place}:{name}", node


def named(tree: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.iter_child_nodes(tree):
        name = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else inside
        yield node, name
        yield from named(node, name)


def called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", getattr(function, "id", ""))


def sets_state(node: ast.AST) -> bool:
    """`x.state = …`, `setattr(x, "state", …)`, `update(state=…)`, `SubItem(state=…)`, or "state" named for a bulk."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(each, ast.Attribute) and each.attr == "state" for each in targets)
    if not isinstance(node, ast.Call):
        return False
    words = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    if called(node) == "setattr" or called(node) in ("bulk_update", "bulk_create", "update_of"):
        return "state" in words
    if called(node) == "save":
        return "state" in words
    return called(node) in ROWS and any(keyword.arg == "state" for keyword in node.keywords)


def where(wanted: object) -> set[str]:
    return {place for place, node in functions() if wanted(node)}  # type: ignore[operator]


def test_nobody_sets_state_by_hand() -> None:
    assert where(sets_state) == set()


def test_transitions_are_called_in_make_move_alone() -> None:
    def calls_a_transition(node: ast.AST) -> bool:
        """`item.approve(…)` on whatever is called item, or `getattr(item, name)(…)`."""
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Call) and called(node.func) == "getattr":
            return True
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        return called(node) in MOVES and getattr(receiver, "id", "") in ("item", "self", "sub_item", "one")

    assert where(calls_a_transition) == {"workflow/actions/moves:_write"}


def test_items_are_made_in_one_place_for_publish_and_split() -> None:
    """_begun and _save serve make_items, of publish and of revisions, and split_off, of the move `split`."""

    def makes_items(node: ast.AST) -> bool:
        if called(node) == "SubItem":
            return True
        makes = called(node) in ("create", "bulk_create", "get_or_create", "update_or_create")
        return makes and ast.unparse(node.func).startswith("SubItem.objects")  # type: ignore[attr-defined]

    assert where(makes_items) == {"workflow/actions/new_items:_begun", "workflow/actions/new_items:_save"}


def test_rows_are_written_whole_by_moves_and_contributions_alone() -> None:
    """Who else writes SubItem.MOVING, the state among it, could slip one in."""

    def names_moving(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and node.attr == "MOVING"

    assert where(names_moving) == {"workflow/actions/moves:_write", "workflow/actions/writing:finish"}


def test_no_sql_of_our_own_writes_sub_items() -> None:
    def writes_items(node: ast.AST) -> bool:
        said = ast.unparse(node) if isinstance(node, ast.Constant | ast.JoinedStr) else ""
        return "workflow_subitem" in said and any(verb in said for verb in ("UPDATE", "INSERT", "MERGE"))

    assert where(writes_items) == set()
