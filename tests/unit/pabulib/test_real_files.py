"""Every real file, counted: outcomes, order and sums as computed independently (data/README.md)."""

import json
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule
from tests.real_data import real_files, require_real_data

RULES = {
    "greedy": CountingRule.GREEDY,
    "greedy-no-skip": CountingRule.GREEDY_STOP,
    "greedy-threshold": CountingRule.GREEDY,
}
FILES = real_files("pabulib/*.pb")


@cache
def election_in(path: Path) -> PabulibElection:
    return read_pabulib_file(path)


def expected_of(path: Path) -> dict:
    return json.loads((path.parent / "expected" / f"{path.stem}.json").read_text("utf-8"))


CASES = [
    pytest.param(path, case, id=f"{path.stem}-{case['case']}")
    for path in FILES
    for case in expected_of(path)["cases"]
    if case["case"] in RULES
]


def count(election: PabulibElection, case: dict) -> TallyResult:
    threshold = election.threshold if case["case"] == "greedy-threshold" else None
    return TALLY_RULES[RULES[case["case"]]](election.profile, CountingParameters(threshold=threshold))


def test_the_real_data_is_all_there():
    require_real_data()
    assert len(FILES) == 13
    assert len(CASES) == 29
    assert {case.values[1]["case"] for case in CASES} == set(RULES)


@pytest.mark.parametrize(("path", "case"), CASES)
def test_outcome_order_and_sum_are_those_computed_independently(path, case):
    election = election_in(path)

    result = count(election, case)

    assert list(result.selected) == case["selection_order"]
    assert sorted(result.selected) == sorted(case["selected"])
    assert election.amount(result.total_cost) == int(case["total_cost"])


@pytest.mark.parametrize(("path", "case"), [p for p in CASES if p.values[1]["tie_sensitive"] is not None])
def test_ties_change_winners_where_the_independent_count_says_so(path, case):
    result = count(election_in(path), case)

    assert any(tie.changed_winners for tie in result.ties) is case["tie_sensitive"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_ballots_are_read_completely_and_grouped(path):
    expected = expected_of(path)
    election = election_in(path)
    profile = election.profile

    assert election.warnings == ()
    assert profile.voters == election.ballot_lines == expected["voters"]
    assert len(profile.ballots) == expected["distinct_ballots"]
    assert len(profile.options) == expected["projects"]
    assert election.amount(profile.budget) == int(expected["budget"])
    assert election.ballot_rule.type == expected["vote_type"]
    assert sum(election.channels.values()) in (0, profile.voters)
    funded = next(case for case in expected["cases"] if case["case"] == "greedy")
    won = set(funded["selected"])
    happy = sum(g.count for g in profile.ballots if won & {option_id for option_id, _ in g.choices})
    approvals = sum(profile.supporters[option_id] for option_id in won)
    assert happy == funded["voters_with_at_least_one_funded"]
    assert Fraction(approvals, profile.voters) == Fraction(funded["mean_funded_approvals"])


def test_paper_and_internet_ballots_of_the_largest_file_are_counted():
    require_real_data()
    lodz = next(path for path in FILES if path.stem == "Poland_Lodz_2022")

    assert election_in(lodz).channels == {"internet": 43_373, "paper": 47_121}


def test_progress_is_told_by_lines_and_ends_with_all_of_them():
    require_real_data()
    lodz = next(path for path in FILES if path.stem == "Poland_Lodz_2022")
    told: list[int] = []

    read_pabulib_file(lodz, progress=told.append)

    assert told == sorted(told)
    assert len(told) > 40
    assert told[-1] == lodz.read_bytes().count(b"\n")
