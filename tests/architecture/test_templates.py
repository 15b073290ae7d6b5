"""Law 5 and no dead templates: every page is shown by a view, every fragment is part of a page."""

import ast
import re
from functools import cache
from pathlib import Path

import jinja2
from jinja2 import meta

from tests.architecture.sources import TEMPLATES, modules, shown, tree

#: Shown by something other than a view's literal: mails by their kind, the error page by its status.
BY_ANOTHER_WAY = re.compile(r"email/[a-z_]+\.txt")


@cache
def templates() -> dict[str, Path]:
    return {path.relative_to(TEMPLATES).as_posix(): path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()}


@cache
def parts_of(name: str) -> frozenset[str]:
    """What a template includes, imports or extends, by the literals in its tags."""
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    found = meta.find_referenced_templates(environment.parse(templates()[name].read_text()))
    return frozenset(each for each in found if each)


@cache
def included() -> frozenset[str]:
    return frozenset(part for name in templates() for part in parts_of(name))


@cache
def named_in_code() -> dict[str, str]:
    """Template names in the Python sources, with a place."""
    found = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.endswith((".html", ".txt"))
            ):
                found[node.value] = f"{shown(path)}:{node.lineno}"
    return found


@cache
def fragments_in_code() -> dict[str, str]:
    """What views answer to htmx with: ``fragment=...``, with a place."""
    found = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "fragment":
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found[part.value] = f"{shown(path)}:{part.lineno}"
    return found


def _is_fragment(name: str) -> bool:
    return name.rsplit("/", 1)[-1].startswith("_")


def test_every_template_that_is_named_exists() -> None:
    missing = [f"{place}: {name}" for name, place in named_in_code().items() if "/" in name and name not in templates()]
    missing += [
        f"{shown(templates()[name])}: {part}"
        for name in templates()
        for part in parts_of(name)
        if part not in templates()
    ]
    assert not missing, "\n".join(missing)


def test_every_fragment_is_part_of_a_page_or_answered_by_a_view() -> None:
    unused = [
        name for name in templates() if _is_fragment(name) and name not in included() and name not in named_in_code()
    ]
    assert not unused, f"no template includes and no view renders: {unused}"


def test_a_page_includes_the_fragment_that_htmx_gets() -> None:
    alone = [f"{place}: {name}" for name, place in fragments_in_code().items() if name not in included()]
    assert not alone, "htmx gets what no page includes, so the two can drift apart:\n  " + "\n  ".join(alone)


def test_every_page_is_shown_by_a_view() -> None:
    dead = [
        name
        for name in templates()
        if not _is_fragment(name)
        and name not in included()
        and name not in named_in_code()
        and not BY_ANOTHER_WAY.fullmatch(name)
    ]
    assert not dead, dead


def test_fragments_do_not_extend_a_page() -> None:
    assert not [name for name in templates() if _is_fragment(name) and "base.html" in parts_of(name)]


def test_nothing_is_inline() -> None:
    """The content policy forbids it; found here, it is found before a browser does."""
    banned = re.compile(r"<style|\sstyle=|hx-on|javascript:|\son[a-z]+=\"|<script(?![^>]*\ssrc=)")
    wrong = [
        f"{shown(path)}: {found.group()!r}"
        for path in templates().values()
        if path.suffix == ".html"
        for found in banned.finditer(re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S))
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_marked_safe_but_what_was_sanitised() -> None:
    """``|safe`` only on ``…_html`` columns, which ``kernel.markup`` wrote."""
    wrong = [
        f"{shown(path)}: {found.group()}"
        for path in templates().values()
        for found in re.finditer(r"[\w.\[\]\"']+\s*\|\s*safe\b", path.read_text())
        if not re.match(r"[\w.]*_html\s*\|", found.group())
    ]
    assert not wrong, "\n".join(wrong)
