"""Draw ``docs/images/house.svg`` from the contracts in ``pyproject.toml`` and the folders that exist.

``python scripts/draw_house.py`` writes it; ``tests/architecture/test_house.py`` compares.
"""

import re
import textwrap
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "house.svg"
PACKAGE = ROOT / "civicvote"

WIDTH, STOREY, ROOM, GAP = 960, 52, 22, 4
INK, SOFT, EDGE = "#10182f", "#33415f", "#1d2b4f"

ABOVE = (
    ("app.py · wsgi.py", "builds everything; the civicvote command", "create_app"),
    ("cli/   |   jobs/", "one file a subject · mail, phases, retention: each a unit of work", ""),
    ("blueprints/", "load, form, service, respond", ""),
    (
        "web/",
        "what all pages share",
        "doors · transaction · forms · words · languages · htmx · headers · limits · files",
    ),
)
BELOW = (
    ("db.py", "base, UTC time, SQLite and PostgreSQL, the unit of work", "#eef7ee"),
    ("config.py", "frozen, from the environment", "#eeeeee"),
    ("kernel/", "clock, ids, keys, money, actor, errors, enums, markup", "#eeeeee"),
)


def rows_of_rooms() -> list[list[str]]:
    """The areas of the domain from the top, a list a row, as the contract orders them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    areas = next(each for each in contracts if each["containers"] == ["civicvote.domain"])
    return [re.findall(r"\w+", row) for row in areas["layers"]]


def names_in(folder: str, skipped: frozenset[str] = frozenset({"__init__", "__pycache__", "commands"})) -> str:
    names = {path.stem for path in (PACKAGE / folder).iterdir() if path.is_dir() or path.suffix == ".py"}
    return " · ".join(sorted(names - skipped))


def text(
    x: float, y: float, words: str, *, size: float = 12.5, ink: str = INK, bold: bool = False, middle: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{ink}"{weight}{anchor}>{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, *, fill: str, edge: str = EDGE, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height}" rx="5" fill="{fill}" stroke="{edge}"{dash}/>'


def rooms(rows: list[list[str]], x: float, y: float, width: float) -> list[str]:
    drawn = []
    for row in rows:
        each = (width - GAP * 2 * (len(row) - 1)) / len(row)
        for number, name in enumerate(row):
            left = x + number * (each + GAP * 2)
            is_built = (PACKAGE / "domain" / name).is_dir()
            drawn.append(
                box(left, y, each, ROOM, fill="#fbe7b2" if is_built else "#ffffff", edge="#8a6d1f", dashed=not is_built)
            )
            drawn.append(text(left + each / 2, y + 15.5, name, size=12, middle=True))
        y += ROOM + GAP
    return drawn


def draw() -> str:
    """The whole picture as SVG text."""
    drawn = [
        '<polygon points="480,6 930,58 30,58" fill="#dfe8fb" stroke="#1d2b4f"/>',
        text(480, 46, "CivicVote — each storey uses only those below it", bold=True, middle=True),
    ]
    y = 64
    for title, what, names in ABOVE:
        folder = title.split("/")[0] if "|" not in title else "cli"
        lines = textwrap.wrap(names or names_in(folder), width=140)
        height = STOREY + 16 * (len(lines) - 1)
        drawn += [box(30, y, 900, height, fill="#f5f8ff"), text(44, y + 21, title, size=14, bold=True)]
        drawn += [text(230, y + 21, what)]
        drawn += [text(44, y + 42 + 16 * number, line, size=11.5, ink=SOFT) for number, line in enumerate(lines)]
        y += height + 6
    rows = rows_of_rooms()
    half = (len(rows) + 1) // 2
    height = 34 + half * (ROOM + GAP) + 26
    drawn += [box(30, y, 900, height, fill="#fffdf5"), text(44, y + 22, "domain/", size=14, bold=True)]
    drawn.append(text(230, y + 22, "services > queries > models > policy and rules (pure), in every room"))
    drawn += rooms(rows[:half], 44, y + 34, 430) + rooms(rows[half:], 490, y + 34, 430)
    legend = "the left column stands upon the right one; dashed rooms have their place and are not built yet"
    drawn.append(text(480, y + height - 9, legend, size=11.5, ink="#5b4a16", middle=True))
    y += height + 6
    for title, what, fill in BELOW:
        drawn += [box(30, y, 900, 38, fill=fill), text(44, y + 24, title, size=14, bold=True), text(230, y + 24, what)]
        y += 44
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 4}" font-family="system-ui, sans-serif" '
        'role="img" aria-labelledby="t d"><title id="t">The house of CivicVote</title><desc id="d">Storeys from app at '
        "the top through cli and jobs, blueprints, web and domain down to the database, config and kernel.</desc>"
        f'<rect width="{WIDTH}" height="{y + 4}" fill="#fff"/>'
    )
    return "\n".join([head, *drawn, "</svg>"]) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(draw())
