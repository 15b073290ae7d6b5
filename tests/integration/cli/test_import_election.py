"""``civicvote import-election``: what it prints, what it refuses, and that a refusal stores nothing."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from civicvote.cli.elections import import_command
from civicvote.db import db
from civicvote.domain.polls.models import Poll
from civicvote.domain.regions.models import Region

FILES = Path(__file__).parents[2] / "unit" / "pabulib" / "files"


@pytest.fixture
def run(app):
    return lambda name: app.test_cli_runner().invoke(import_command, [str(FILES / name)])


def stored() -> tuple[int, int]:
    return tuple(db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Region, Poll))


def test_the_address_that_is_printed_is_a_page_with_the_outcome(run, client):
    result = run("clean.pb")

    assert result.exit_code == 0, result.output
    address = result.stdout.strip().splitlines()[-1]
    assert address.startswith("http://127.0.0.1:5000/regions/")
    page = client.get(address.removeprefix("http://127.0.0.1:5000"))
    assert page.status_code == 200
    assert "clean.pb" in client.text()


@pytest.mark.parametrize("name", ["bad_projects.pb", "bad_meta.pb", "not_utf8.pb", "quote_not_closed.pb", "empty.pb"])
def test_a_bad_file_is_told_by_its_lines_and_leaves_nothing(run, name):
    before = stored()
    result = run(name)
    assert result.exit_code == 1
    assert f"{name}: line " in result.stderr
    assert result.stdout == ""
    assert stored() == before


def test_the_same_file_twice_is_refused_with_the_place_where_it_is(run):
    address = run("clean.pb").stdout.strip().splitlines()[-1]
    before = stored()
    result = run("clean.pb")
    assert result.exit_code == 1
    assert "imported already" in result.stderr
    assert address in result.stderr
    assert stored() == before


def test_a_rule_that_is_not_ours_is_told_with_the_rule_that_was_counted(app, tmp_path):
    text = (FILES / "clean.pb").read_text("utf-8")
    path = tmp_path / "custom.pb"
    path.write_text(text.replace("\nrule;greedy", "\nrule;greedy-custom", 1), "utf-8")
    result = app.test_cli_runner().invoke(import_command, [str(path)])
    assert result.exit_code == 0
    assert "greedy-custom, which is not among ours: the outcome is that of greedy" in result.stderr


def test_winners_that_the_file_names_otherwise_are_told(app, tmp_path):
    text = (FILES / "clean.pb").read_text("utf-8").replace("project_id;cost;name", "project_id;cost;selected;name")
    for official, is_told in [(("1", "0", "1"), False), (("1", "1", "0"), True)]:
        named = text
        for project, selected in zip(("a;60", "b;50", "c;40"), official, strict=True):
            named = named.replace(f"\n{project};", f"\n{project};{selected};")
        path = tmp_path / f"{is_told}.pb"
        path.write_text(named, "utf-8")

        result = app.test_cli_runner().invoke(import_command, [str(path)])

        assert result.exit_code == 0, result.output
        assert ("The file names other winners" in result.stderr) is is_told


def test_what_is_odd_in_a_file_is_told_and_imported(run):
    result = run("unknown_projects.pb")
    assert result.exit_code == 0
    assert "unknown projects" in result.stderr
