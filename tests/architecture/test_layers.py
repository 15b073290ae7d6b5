"""Laws 1, 2, 3 and 8 as far as the sources show them: layers, purity, one commit site, no float in money or counting.

The layers of the house and the order of the areas are import-linter contracts in ``pyproject.toml``."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import (
    DOMAIN,
    IMPURE,
    PACKAGE,
    ROOT,
    areas,
    imports,
    layer_of,
    module_name,
    modules,
    pure_modules,
    shown,
    tree,
)

LONGEST_MODULE = 320
FRAMEWORKS = frozenset({"flask", "flask_sqlalchemy", "sqlalchemy", "werkzeug", "wtforms", "flask_wtf", "flask_babel"})


def test_imports_keep_the_contracts() -> None:
    """In a process of its own: the linter sets up logging, and other tests read what was logged."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout[linted.stdout.find("Broken contracts") :] + linted.stderr


def _module_files() -> dict[str, Path]:
    return {module_name(path): path for path in modules()}


def _imported_files(path: Path) -> Iterator[tuple[Path, int]]:
    known = _module_files()
    for name, line in imports(path):
        if name in known and known[name] != path and known[name].name != "__init__.py":
            yield known[name], line


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.name)
def test_within_an_area_services_stand_on_queries_on_models_on_rules(area: Path) -> None:
    """A file may import its own layer and those below: services > queries > models > pure files."""
    height = {"services": 3, "queries": 2, "models": 1, None: 0}
    wrong = [
        f"{shown(path)}:{line} imports {shown(other)}"
        for path in sorted(area.rglob("*.py"))
        for other, line in _imported_files(path)
        if other.is_relative_to(area) and height[layer_of(other)] > height[layer_of(path)]
    ]
    assert not wrong, "\n".join(wrong)


def test_pure_files_import_neither_framework_nor_database() -> None:
    wrong = []
    for path in pure_modules():
        for name, line in imports(path):
            if name.split(".")[0] in FRAMEWORKS or name == "civicvote.db":
                wrong.append(f"{shown(path)}:{line} imports {name}")
        wrong += [
            f"{shown(path)}:{line} imports {shown(other)}, which is not pure"
            for other, line in _imported_files(path)
            if other.is_relative_to(DOMAIN) and layer_of(other) is not None
        ]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_package_itself_is_empty_so_that_pure_files_load_no_framework() -> None:
    assert not (PACKAGE / "__init__.py").read_text().strip()
    assert not (DOMAIN / "__init__.py").read_text().strip()


def test_areas_split_their_layers_by_prefix_only() -> None:
    """``services_paying.py`` is a service; ``paying_services.py`` would slip through as a pure file."""
    odd = [
        shown(path)
        for area in areas()
        for path in area.rglob("*.py")
        if layer_of(path) is None and any(word in path.stem for word in IMPURE)
    ]
    assert not odd, odd


def _calls(path: Path, name: str) -> Iterator[int]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node.lineno


def test_there_is_one_commit_site_for_requests_and_one_unit_of_work() -> None:
    sites = [shown(path) for path in modules() for _ in _calls(path, "commit")]
    assert sites == ["civicvote/db.py", "civicvote/web/transaction.py"]


def test_nobody_goes_round_the_transaction() -> None:
    """No session, engine or connection of one's own, which could commit by itself."""
    makers = ("begin", "connect", "sessionmaker", "Session")
    wrong = [
        f"{shown(path)}:{line} calls .{name}()"
        for path in modules()
        for name in makers
        for line in _calls(path, name)
        if path != PACKAGE / "db.py"
    ]
    assert not wrong, "\n".join(wrong)


def test_the_clock_is_read_in_one_place() -> None:
    wrong = []
    for path in modules():
        if path in {PACKAGE / "kernel" / "clock.py", PACKAGE / "kernel" / "ids.py"}:
            continue
        for node in ast.walk(tree(path)):
            is_now = isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
            if is_now and isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}:
                wrong.append(f"{shown(path)}:{node.lineno}")
    assert not wrong, wrong


#: Here floats find what has to be looked at, with a bound on their error; the docstrings prove it, and what lies within
#: the bound is decided in fractions. That every outcome is exact, the expected ones and a slow reference show.
FLOATS_FILTER = {"equal_shares_run.py", "phragmen.py", "shares_lowest.py", "shares_purses.py"}


def _exact_modules() -> list[Path]:
    folders = [DOMAIN / "tally", DOMAIN / "allocations"]
    return [
        PACKAGE / "kernel" / "money.py",
        *(
            path
            for path in modules()
            if any(path.is_relative_to(folder) for folder in folders) and path.name not in FLOATS_FILTER
        ),
    ]


def _floats(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        where = f"line {getattr(node, 'lineno', 0)}:"
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{where} float literal {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield f"{where} float"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div) and not _is_path(node):
            yield f"{where} true division"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
            yield f"{where} round()"


def _is_path(node: ast.BinOp | ast.AugAssign) -> bool:
    """``folder / "name"`` joins paths."""
    right = node.right if isinstance(node, ast.BinOp) else node.value
    return isinstance(right, (ast.JoinedStr, ast.Constant)) and not isinstance(getattr(right, "value", ""), int)


@pytest.mark.parametrize("path", _exact_modules(), ids=lambda path: shown(path).removeprefix("civicvote/"))
def test_no_float_decides_about_money_or_counting(path: Path) -> None:
    assert not list(_floats(tree(path)))


def test_modules_that_filter_by_floats_decide_in_fractions() -> None:
    for name in FLOATS_FILTER:
        path = DOMAIN / "tally" / name
        assert list(_floats(tree(path))), f"{name} has no floats any more"
        assert "Fraction" in path.read_text()
        assert "exact" in (ast.get_docstring(tree(path)) or "").lower(), f"{name} does not say what decides"


def test_the_float_search_sees_what_it_looks_for() -> None:
    body = ast.parse(
        "share = 0.5\nhalf = a / b\nx = float(y)\nc /= 2\nz = round(q)\nwhere = folder / 'name'\nd = a // b"
    )
    assert sorted(found.split(":")[0] for found in _floats(body)) == [f"line {number}" for number in range(1, 6)]


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_modules_stay_short(path: Path) -> None:
    length = len(path.read_text().splitlines())
    assert length <= LONGEST_MODULE, f"{shown(path)} has {length} lines: split it by what it is about"


def test_nothing_is_called_utils() -> None:
    banned = {"utils", "helpers", "common", "manager", "misc"}
    assert not [shown(path) for path in modules() if path.stem in banned or path.parent.name in banned]
