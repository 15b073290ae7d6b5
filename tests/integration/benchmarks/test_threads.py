"""``python -m benchmarks.threads`` runs end to end: threads filled, pages read, comments posted, a report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_a_short_run_reads_and_posts_in_each_thread(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    system = request.config.getoption("--database")
    environment = dict(os.environ)
    if system == "postgresql":
        environment["CIVICVOTE_TEST_POSTGRES"] = request.getfixturevalue("postgres_server")
    output = tmp_path / "threads.md"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.threads", "--database", system, "--largest", "1000"),
            *("--repetitions", "2", "--output", str(output)),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # How fast it is, two repetitions on a shared machine do not say; that it ran, the report does.
    assert output.exists(), done.stdout + done.stderr
    rows = {line.split("|")[1].strip(): line for line in output.read_text().splitlines() if line.startswith("| ")}
    for name in ("first page", "second page", "page in the middle", "permalink", "posting"):
        statements = rows[name].split("|")[4].strip().split(", ")
        assert len(statements) == 2
        assert len(set(statements)) == 1, rows[name]
