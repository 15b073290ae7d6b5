"""The application's own files, as the architecture tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "civicvote"
DOMAIN = PACKAGE / "domain"
TEMPLATES = PACKAGE / "templates"
#: Layers within an area; every other file of it is pure.
IMPURE = ("models", "queries", "services")


def shown(path: Path) -> str:
    """The path as a message names it."""
    return str(path.relative_to(ROOT))


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that the file imports, with the line; ``from a import b`` gives ``a`` and ``a.b``.

    Imports under ``if TYPE_CHECKING`` count too: a layer that only knows another's types still knows it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{shown(path)}:{node.lineno}: relative import"
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def areas() -> list[Path]:
    return sorted(path for path in DOMAIN.iterdir() if (path / "__init__.py").exists())


def layer_of(module: Path) -> str | None:
    """``models``, ``queries`` or ``services`` for files such as ``queries_of_drafts.py`` too; None for a pure file."""
    for layer in IMPURE:
        if module.stem == layer or module.stem.startswith(f"{layer}_"):
            return layer
    return None


def pure_modules() -> list[Path]:
    """Kernel, tally and every file of an area but models, queries and services."""
    found = [path for path in modules() if path.is_relative_to(PACKAGE / "kernel")]
    for area in areas():
        found += [path for path in sorted(area.rglob("*.py")) if area.name == "tally" or layer_of(path) is None]
    return found
