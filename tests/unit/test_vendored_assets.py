"""The committed front-end files are, byte for byte, what the manifest names; the look uses only what exists."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "civicvote" / "static"
TEMPLATES = ROOT / "civicvote" / "templates"
HOMES = [STATIC / "vendor", ROOT / "tests" / "browser" / "vendor"]
OWN_CSS = STATIC / "css" / "civicvote.css"
KIB = 1024


def packages(home: Path) -> list[dict]:
    return json.loads((home / "VENDOR.json").read_text("utf-8"))["packages"]


@pytest.mark.parametrize("home", HOMES, ids=["site", "tests"])
def test_every_vendored_file_has_the_hash_that_the_manifest_records(home):
    recorded = {
        f"{package['name']}-{package['version']}/{path}": digest
        for package in packages(home)
        for path, digest in package["files"].items()
    }
    found = {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }

    assert found == recorded


@pytest.mark.parametrize("home", HOMES, ids=["site", "tests"])
def test_every_vendored_package_names_its_licence(home):
    assert [package["name"] for package in packages(home) if not package["licence"]] == []


def test_pages_ask_for_vendored_files_of_the_version_that_is_there():
    asked = set(re.findall(r"asset\('(vendor/[^']+)'\)", (TEMPLATES / "base.html").read_text("utf-8")))

    assert asked
    assert [path for path in asked if not (STATIC / path).is_file()] == []


def stylesheet() -> str:
    """Our rules as a browser reads them: a comment ends at the first end mark."""
    return re.sub(r"/\*.*?\*/", "", OWN_CSS.read_text("utf-8"), flags=re.DOTALL)


def test_the_stylesheet_has_no_stray_comment_mark_and_closes_what_it_opens():
    css = stylesheet()

    assert "*/" not in css
    assert css.count("{") == css.count("}")
    assert css.lstrip().startswith(":root {")


def test_every_custom_property_that_the_stylesheet_uses_is_declared():
    tokens = next((STATIC / "vendor").glob("krds-uiux-*/tokens.css")).read_text("utf-8")
    declared = set(re.findall(r"(--[\w-]+)\s*:", tokens + stylesheet()))
    used = set(re.findall(r"var\((--[\w-]+)", stylesheet()))

    assert used - declared == set()


def test_a_first_visit_loads_less_than_the_budget_without_fonts():
    base = (TEMPLATES / "base.html").read_text("utf-8")
    files = [path for path in re.findall(r"asset\('([^']+)'\)", base) if "ico_flag" not in path]
    size = sum((STATIC / path).stat().st_size for path in files if "pretendard" not in path)

    assert len(files) + 1 <= 8, "the page itself and what it loads"
    assert size <= 200 * KIB


def test_our_own_script_stays_small():
    assert (STATIC / "js" / "civicvote.js").stat().st_size < 6 * KIB


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_carry_no_style_and_no_script_of_their_own(path):
    text = path.read_text("utf-8")

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style|\son[a-z]+\s*=|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
