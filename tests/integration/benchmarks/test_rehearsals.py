"""The rehearsals in their small form: they run end to end, and the careless variants fail them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.rehearsals.crash import Victim, victims

ROOT = Path(__file__).parents[3]


def rehearse(request: pytest.FixtureRequest, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ)
    if request.config.getoption("--database") == "postgresql":
        environment["CIVICVOTE_TEST_POSTGRES"] = request.getfixturevalue("postgres_server")
    return subprocess.run(
        [sys.executable, "-m", f"benchmarks.rehearsals.{name}", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def crash(request: pytest.FixtureRequest, *arguments: str) -> "subprocess.CompletedProcess[str]":
    system = request.config.getoption("--database")
    return rehearse(request, "crash", "--database", system, *arguments)


@pytest.mark.either
def test_every_kind_of_victim_dies_and_twenty_one_of_them() -> None:
    assert set(victims(21, has_server=True)) == set(Victim)
    assert set(victims(21, has_server=False)) == {Victim.WORKER, Victim.SERVER}
    assert len(victims(21, has_server=True)) == 21


def test_nothing_acknowledged_is_lost_or_double_while_workers_server_and_database_die(
    request: pytest.FixtureRequest,
) -> None:
    done = crash(request, "--ballots", "100", "--kills", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "counted: 100; lost: 0; double: 0" in done.stdout
    assert "1 × server" in done.stdout


@pytest.mark.either
def test_a_site_that_answers_before_it_commits_loses_ballots(request: pytest.FixtureRequest) -> None:
    done = crash(request, "--ballots", "100", "--kills", "3", "--naive", "answers-first")
    assert done.returncode == 1, done.stdout + done.stderr
    lost = re.search(r"lost: ([\d,]+)", done.stdout)
    assert lost, done.stdout + done.stderr
    assert lost[1] != "0"


@pytest.mark.either
def test_the_same_site_loses_nothing_where_nothing_dies(request: pytest.FixtureRequest) -> None:
    done = crash(request, "--ballots", "20", "--kills", "0", "--naive", "answers-first")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.either
def test_a_site_that_forgets_keys_puts_old_choices_back(request: pytest.FixtureRequest) -> None:
    done = crash(request, "--ballots", "60", "--kills", "0", "--naive", "forgets-keys")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "counted: 60; lost: 2; double: 0" in done.stdout
