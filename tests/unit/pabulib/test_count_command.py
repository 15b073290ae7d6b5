"""``civicvote count`` as an operator meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from civicvote.cli.count import count_command
from civicvote.domain.tally.registry import BUDGET_RULES

FILES = Path(__file__).parent / "files"


def run(name: str, *options: str) -> Result:
    return CliRunner().invoke(count_command, [str(FILES / f"{name}.pb"), *options])


def outcome(name: str, *options: str) -> dict:
    result = run(name, *options, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_has_rule_tie_break_winners_in_order_and_money():
    counted = outcome("clean")

    assert counted["rule"] == "greedy"
    assert counted["tie_break"] == "id"
    assert counted["selected"] == ["a", "c"]
    assert (counted["total_cost"], counted["budget"], counted["currency"]) == (100, 100, "KRW")
    assert counted["ties"] == []
    assert counted["projects"][1] == {
        "id": "b",
        "reason": "does_not_fit",
        "score": 2,
        "cost": 50,
        "step": 2,
        "left": 40,
    }


def test_greedy_stop_ends_at_the_first_that_does_not_fit():
    assert outcome("clean", "--rule", "greedy-stop")["selected"] == ["a"]


@pytest.mark.parametrize(
    ("rule", "by_id", "by_lot"),
    [("greedy", ["a", "c"], ["c", "b"]), ("greedy-stop", ["a"], ["c", "b"])],
)
def test_the_tie_break_changes_the_winners_and_says_so(rule, by_id, by_lot):
    first = outcome("tie_changes_winners", "--rule", rule)
    second = outcome("tie_changes_winners", "--rule", rule, "--tie-break", "seed:단풍나무 길")

    assert first["selected"] == by_id
    assert first["ties"] == [{"score": 2, "projects": ["a", "b", "c"], "changed_winners": True}]
    assert second["selected"] == by_lot
    assert second["tie_break"] == "seed:단풍나무 길"
    assert second["ties"] == [{"score": 2, "projects": ["c", "b", "a"], "changed_winners": True}]


def test_amounts_are_exact_texts_where_the_file_has_decimals():
    counted = outcome("decimal_costs")

    assert counted["selected"] == ["a", "c"]
    assert (counted["total_cost"], counted["budget"]) == ("100.40", "100.50")


def test_scores_that_are_not_whole_are_fractions():
    counted = outcome("cumulative")

    assert [project["score"] for project in counted["projects"]] == ["15/2", 5, 4]


def test_a_threshold_is_a_number_or_that_of_the_file(tmp_path):
    assert outcome("clean", "--threshold", "2")["selected"] == ["a"]
    assert outcome("clean", "--threshold", "1.5")["threshold"] == "3/2"

    file = tmp_path / "threshold.pb"
    text = (FILES / "clean.pb").read_text("utf-8")
    file.write_text(text.replace("currency;KRW", "currency;KRW\nmin_project_score_threshold;3"), "utf-8")
    result = CliRunner().invoke(count_command, [str(file), "--threshold", "file", "--json"])
    assert json.loads(result.stdout)["threshold"] == 3
    assert json.loads(result.stdout)["selected"] == ["a"]


def test_a_withdrawn_project_is_named_as_such():
    assert outcome("withdrawn")["projects"][-1]["reason"] == "withdrawn"


def test_warnings_go_to_standard_error_by_line_and_the_count_goes_on():
    result = run("unknown_projects", "--json")

    assert result.exit_code == 0
    assert "line 22: the ballot names unknown projects (x, y); the others are counted" in result.stderr
    assert json.loads(result.stdout)["warnings"] == 2


def test_a_bad_file_says_which_lines_and_counts_nothing():
    result = run("bad_projects", "--json")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        "line 17",
        "line 18",
        "line 19",
        "line 20",
        "line 24",
    ]


@pytest.mark.parametrize(
    "options",
    [
        ["--rule", "approval"],
        ["--tie-break", "lot"],
        ["--tie-break", "seed:"],
        ["--threshold", "many"],
        ["--threshold", "file"],
        ["--satisfaction", "cost"],
        ["--rule", "phragmen", "--completion", "add1"],
        ["--rule", "greedy", "--compare-greedy"],
        ["--rule", "greedy-per-cost", "--increment", "5"],
        ["--rule", "equal-shares", "--increment", "5"],
        ["--rule", "equal-shares", "--completion", "greedy", "--most-runs", "5"],
        ["--rule", "equal-shares", "--completion", "add1", "--increment", "0"],
        ["--rule", "equal-shares", "--completion", "add1", "--increment", "0.5"],
        ["--rule", "equal-shares", "--completion", "add2"],
        ["--support-divisor", "0"],
        ["--tie-break", "votes,votes,id"],
    ],
)
def test_wrong_use_is_status_2(options):
    result = run("clean", *options)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error" in result.stderr


def test_every_rule_that_divides_a_budget_can_be_asked_for():
    for rule in BUDGET_RULES:
        counted = outcome("clean", "--rule", rule.value)
        assert counted["rule"] == rule
        assert counted["total_cost"] <= counted["budget"]


def test_votes_per_cost_and_a_declared_order_of_ties():
    assert outcome("clean", "--rule", "greedy-per-cost", "--tie-break", "cost,votes,id")["tie_break"] == "cost,votes,id"


def test_minimum_support_excludes_with_its_reason():
    # c costs 40 of 100 and has 1 of 4 voters: enough where cost / (2 * budget) is asked for, not where cost / budget.
    reasons = {project["id"]: project["reason"] for project in outcome("clean", "--support-divisor", "1")["projects"]}

    assert reasons["c"] == "too_little_support"
    assert outcome("clean", "--support-divisor", "2")["support_divisor"] == 2
    assert "c" in outcome("clean", "--support-divisor", "2")["selected"]


def test_equal_shares_tells_its_parameters_and_its_reasons():
    counted = outcome("clean", "--rule", "equal-shares", "--completion", "add1", "--increment", "3")

    chosen = ("satisfaction", "completion", "increment")
    assert [counted[name] for name in chosen] == ["cost", "add1", 3]
    explanation = counted["explanation"]
    assert explanation["first_share"] == 25
    assert [each["id"] for each in explanation["purchases"]] == counted["selected"]
    assert explanation["purchases"][0]["supporters"] == 3
    lost = {project["id"] for project in counted["projects"]} - set(counted["selected"])
    assert {each["id"] for each in explanation["not_paid"]} == lost


def test_a_comparison_with_greedy_tells_both_outcomes_and_how_many_prefer_each():
    options = ("--rule", "equal-shares", "--compare-greedy")
    counted = outcome("clean", *options)
    told = counted["comparison"]
    assert told["equal_shares"] == outcome("clean", "--rule", "equal-shares")["selected"]
    assert told["greedy"] == outcome("clean")["selected"]
    stands = {"greedy": "greedy", "equal-shares": "equal_shares"}[told["stands"]]
    assert counted["selected"] == told[stands]
    assert told["prefer_equal_shares"] + told["prefer_greedy"] + told["alike"] == counted["voters"]
    assert "comparison" not in outcome("clean", "--rule", "equal-shares")
    table = run("clean", *options).output
    assert "compared with greedy" in table
    assert f"{told['prefer_equal_shares']} voters prefer Equal Shares" in table


def test_an_increment_is_in_the_files_units():
    counted = outcome("decimal_costs", "--rule", "equal-shares", "--completion", "add1-feasible", "--increment", "0.1")

    assert counted["increment"] == "1/10"


def test_phragmen_tells_loads_and_where_it_stopped():
    explanation = outcome("clean", "--rule", "phragmen")["explanation"]

    assert explanation["purchases"][0] == {
        "id": "a",
        "load": 20,
        "supporters": 3,
        "smallest_payment": 20,
        "largest_payment": 20,
    }
    assert explanation["stopped_at"] == "b"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("equal-shares", ["supporters paid up to", "missing", "runs 1, shares 25 at first, 25 in the run that holds"]),
        ("phragmen", ["3 supporters, load 20", "stopped at b"]),
    ],
)
def test_the_table_explains_shares_in_short(rule, words):
    table = run("clean", "--rule", rule).stdout

    for each in words:
        assert each in table


def test_a_missing_file_is_status_2():
    assert run("no such file").exit_code == 2


def test_the_table_shows_every_project_with_its_reason():
    table = run("tie_changes_winners").stdout.splitlines()

    assert table[0] == "rule greedy, ties by id"
    assert table[3].split() == ["step", "project", "score", "cost", "left", "why", "name"]
    assert table[5].split(maxsplit=5) == ["2", "b", "2", "50", "40", "does not fit  Bus shelter"]
    assert "tie at 2: a, b, c; the order decided who wins" in table
    assert table[-1] == "selected 2, cost 100 of 100 KRW"


def test_what_a_file_writes_cannot_break_the_table_or_command_the_terminal(tmp_path):
    file = tmp_path / "names.pb"
    text = (FILES / "line_separator_in_text.pb").read_text("utf-8")
    file.write_text(text.replace("Bus", "\x1b]0;Bus"), "utf-8")

    result = CliRunner().invoke(count_command, [str(file)], color=True)

    assert "Alley lamps at night" in result.stdout
    assert "\x1b" not in result.stdout


def test_the_command_needs_neither_flask_nor_a_database():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, civicvote.cli.count; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "civicvote.cli.count" in loaded
    assert not {"flask", "sqlalchemy", "werkzeug"} & set(loaded)


def test_the_programme_itself_starts_it_without_the_application():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
            "from civicvote.__main__ import main; main()",
            "count",
            str(FILES / "clean.pb"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "selected 2, cost 100 of 100 KRW" in loaded.stdout
    assert not {"flask", "sqlalchemy", "civicvote.app"} & set(loaded.stderr.split())
