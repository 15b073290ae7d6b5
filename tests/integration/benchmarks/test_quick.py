"""``python -m benchmarks --quick`` runs end to end: servers up, requests right, writes kept, a report."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_quick_run_measures_reads_and_casts_and_loses_nothing(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    system = request.config.getoption("--database")
    environment = dict(os.environ)
    if system == "postgresql":
        environment["CIVICVOTE_TEST_POSTGRES"] = request.getfixturevalue("postgres_server")
    output = tmp_path / "results.md"

    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks", "--quick", "--database", system, "--output", str(output)),
            *("--only", "list", "--only", "agenda-ballot"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    results = output.read_text()
    assert "| List of proposals, anonymous | large | 8 |" in results
    assert "| Cast an agenda ballot | large | 8 |" in results
    written = re.search(r"acknowledged: ([\d,]+); found in the databases: ([\d,]+)\. Wrong.*: 0\.", results)
    assert written, results
    assert written[1] == written[2] != "0"
    assert str(ROOT) not in results
    assert "postgres@" not in results
