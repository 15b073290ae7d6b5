"""The map of real conversations against values that were computed independently (``expected.json`` beside the data)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from civicvote.cli.opinions import matrix_of, opinion_map_command
from civicvote.domain.opinions.conversation import read_conversation
from civicvote.domain.opinions.opinion_map import compute_map
from civicvote.domain.opinions.positions import eligible
from tests.real_data import real_files, require_real_data

FOLDERS = [file.parent for file in real_files("polis/*/expected.json")]
#: Not every conversation was published with its history.
WITH_HISTORY = [folder for folder in FOLDERS if (folder / "votes.csv").exists()]
EXACT = 1e-9


def of_each(folders: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("folder", folders or [None], ids=lambda folder: folder.name if folder else "none")


of_each_conversation = of_each(FOLDERS)


def command(folder: Path | None, *options: str) -> dict[str, Any]:
    if folder is None:
        require_real_data()
        pytest.skip("no conversations among the real data")
    result = CliRunner().invoke(opinion_map_command, [str(folder), "--json", *options])
    assert result.exit_code == 0, result.stderr
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def expected_of(folder: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    return expected


@of_each_conversation
def test_mean_and_components(folder: Path | None) -> None:
    found = command(folder, "--groups", "published")
    assert folder is not None
    expected = expected_of(folder)
    assert found["statement_ids"] == expected["statement_ids"]
    assert found["mean"] == pytest.approx(expected["pca"]["mean"], abs=EXACT)
    for mine, theirs in zip(found["components"], expected["pca"]["components"], strict=True):
        assert mine == pytest.approx(theirs, abs=EXACT)


@of_each_conversation
def test_group_informed_consensus_and_sizes(folder: Path | None) -> None:
    found = command(folder, "--groups", "published")
    assert folder is not None
    expected = expected_of(folder)
    assert found["groups"] == {name: group["size"] for name, group in expected["groups"].items()}
    assert found["group_informed_consensus"] == pytest.approx(expected["group_informed_consensus"], abs=EXACT)
    order = sorted(range(len(found["statement_ids"])), key=lambda place: -found["group_informed_consensus"][place])
    assert [found["statement_ids"][place] for place in order[:10]] == expected["gic_top10"]


@of_each_conversation
def test_representative_statements(folder: Path | None) -> None:
    found = command(folder, "--groups", "published")
    assert folder is not None
    expected = expected_of(folder)["representative"]
    for name, listed in expected.items():
        for mine, theirs in zip(found["representative"][name], listed, strict=True):
            share, ratio = pytest.approx(theirs["p"], abs=EXACT), pytest.approx(theirs["r"], rel=EXACT)
            assert mine == {**theirs, "p": share, "r": ratio}


@of_each_conversation
def test_consensus_lists(folder: Path | None) -> None:
    found = command(folder, "--groups", "published")
    assert folder is not None
    assert found["consensus"] == expected_of(folder)["consensus"]


@of_each_conversation
def test_computed_groups_are_the_same_every_time(folder: Path | None) -> None:
    once = command(folder)
    assert once == command(folder)
    assert 2 <= len(once["groups"]) <= 5


@of_each_conversation
def test_as_many_people_are_placed(folder: Path | None) -> None:
    command(folder)
    assert folder is not None
    expected = expected_of(folder)
    matrix = matrix_of(read_conversation(folder))
    assert int(eligible(matrix).sum()) == expected["eligible"]
    share = compute_map(matrix).components.variances / compute_map(matrix).components.total
    assert share.tolist() == pytest.approx(expected["pca"]["explained"], abs=EXACT)


@of_each(WITH_HISTORY)
def test_the_votes_with_their_history_give_the_same_map(folder: Path | None, tmp_path: Path) -> None:
    """votes.csv says the same as participants-votes.csv: the last vote by time holds."""
    from_matrix = command(folder)
    assert folder is not None
    for name in ("comments.csv", "votes.csv"):
        (tmp_path / name).symlink_to((folder / name).resolve())
    from_history = command(tmp_path)
    asked = set(from_matrix["statement_ids"])
    shown = [place for place, each in enumerate(from_history["statement_ids"]) if each in asked]
    assert [from_history["mean"][place] for place in shown] == pytest.approx(from_matrix["mean"], abs=EXACT)
    assert from_history["consensus"] == from_matrix["consensus"]
