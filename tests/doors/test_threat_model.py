"""``docs/threat-model.md`` names tests that exist and leaves no requirement out."""

import re
from functools import cache

from tests.architecture.sources import ROOT

DOCUMENT = ROOT / "docs" / "threat-model.md"
LEVELS = ROOT / "tests" / "doors" / "asvs_levels.csv"
STATES = {"met", "partly", "not met", "operator", "n/a"}

_NAMED = re.compile(r"`([a-z_0-9]+(?:/[a-z_0-9]+)+\.py)(?:::(test_\w+))?`")
_REQUIREMENT = re.compile(r"\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|")


@cache
def document() -> str:
    return DOCUMENT.read_text()


def requirements() -> list[tuple[str, ...]]:
    return _REQUIREMENT.findall(document())


def levels() -> dict[str, int]:
    lines = [line for line in LEVELS.read_text().splitlines() if line.startswith("V")]
    return {name: int(level) for name, _, level in (line.partition(",") for line in lines)}


def test_the_list_of_the_standard_is_whole() -> None:
    """Counted in the standard's own table of 5.0.0: 70 of level 1, 183 of level 2, 92 of level 3."""
    counts = [list(levels().values()).count(level) for level in (1, 2, 3)]
    assert counts == [70, 183, 92]


def test_every_requirement_of_level_1_and_2_has_one_line() -> None:
    named = [name for name, *_ in requirements()]
    assert len(named) == len(set(named))
    assert set(named) == {name for name, level in levels().items() if level < 3}
    assert [name for name, level, *_ in requirements() if int(level) != levels()[name]] == []


def test_every_line_says_how_it_stands_and_why() -> None:
    for name, _, asked, state, how, tests in requirements():
        assert asked.strip(), name
        assert state in STATES, f"{name}: {state}"
        assert how.strip(), f"{name} gives no reason"
        assert state != "n/a" or "::" not in tests or how.strip(), name


def test_the_counts_in_the_text_are_those_of_the_table() -> None:
    states = [state for _, _, _, state, *_ in requirements()]
    said = re.search(
        r"(\d+) are met, (\d+) partly, (\d+) not; (\d+) fall to\s+whoever.*?; (\d+) are about", document(), re.S
    )
    assert said is not None
    assert [int(number) for number in said.groups()] == [
        states.count(state) for state in ("met", "partly", "not met", "operator", "n/a")
    ]


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for path, function in _NAMED.findall(document()):
        file = ROOT / "tests" / path.removeprefix("tests/")
        if (
            path.startswith(("web/", "domain/", "kernel/"))
            and not file.exists()
            and (ROOT / "civicvote" / path).exists()
        ):
            continue  # a source file, named where a rule is documented
        if not file.exists() or (function and f"def {function}(" not in file.read_text()):
            missing.append(f"{path}::{function}")
    assert not missing, "\n".join(missing)
    assert len(_NAMED.findall(document())) > 200
