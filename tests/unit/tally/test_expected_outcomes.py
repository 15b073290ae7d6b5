"""Equal Shares and Phragmén on every real file: outcomes as computed independently (data/README.md), in order."""

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
from civicvote.kernel.voting import Completion, CountingRule, Satisfaction
from tests.real_data import real_files, require_real_data

FILES = real_files("pabulib/*.pb")
SATISFACTIONS = {
    "cost": Satisfaction.COST,
    "card": Satisfaction.CARDINALITY,
    "points": Satisfaction.POINTS,
}
COMPLETIONS = {
    "none": Completion.NONE,
    "add1-exhaustive-stop": Completion.ADD1,
    "add1-no-exhaustive-stop": Completion.ADD1_FEASIBLE,
    "add1u": Completion.ADD1U,
    "greedy-completion": Completion.GREEDY,
}


@cache
def election_in(path: Path) -> PabulibElection:
    return read_pabulib_file(path)


def cases(prefix: str) -> list:
    return [
        pytest.param(path, case, id=f"{path.stem}-{case['case']}")
        for path in FILES
        for case in json.loads((path.parent / "expected" / f"{path.stem}.json").read_text("utf-8"))["cases"]
        if case["case"].startswith(prefix)
    ]


SHARES = cases("mes-")
PHRAGMEN = cases("sequential-phragmen")


def count_shares(election: PabulibElection, name: str) -> TallyResult:
    _, satisfaction, completion = name.split("-", 2)
    one_unit_of_the_file = 10**election.exponent
    parameters = CountingParameters(
        satisfaction=SATISFACTIONS[satisfaction],
        completion=COMPLETIONS[completion],
        increment=one_unit_of_the_file,
    )
    return TALLY_RULES[CountingRule.EQUAL_SHARES](election.profile, parameters)


def test_the_real_data_is_all_there():
    require_real_data()
    assert len(FILES) == 13
    assert len(SHARES) == 109
    assert len(PHRAGMEN) == 8


@pytest.mark.parametrize(("path", "case"), SHARES)
def test_equal_shares_select_what_was_computed_independently_in_that_order(path, case):
    """The same runs too, and where it is known the same rate of every purchase, to the last digit."""
    election = election_in(path)

    result = count_shares(election, case["case"])

    assert list(result.selected) == case["selection_order"]
    assert sorted(result.selected) == sorted(case["selected"])
    assert election.amount(result.total_cost) == int(case["total_cost"])
    assert any(tie.changed_winners for tie in result.ties) is case["tie_sensitive"]
    explained = result.explanation
    assert list(explained.added_after) == case.get("added_by_completion", [])
    unit = 10**election.exponent
    if "endowment_start" in case:
        assert explained.runs.number == case["fixed_budget_runs"]
        assert explained.runs.first_share == Fraction(case["endowment_start"]) * unit
        assert explained.runs.share == Fraction(case["endowment_final"]) * unit
    if "price_per_supporter_or_rho" in case:
        rates = [purchase.rate / unit for purchase in explained.purchases]
        assert rates == [Fraction(text) for text in case["price_per_supporter_or_rho"]]


def test_runs_and_rates_are_compared_in_most_cases():
    require_real_data()
    known = [param.values[1] for param in SHARES]
    assert sum("endowment_start" in case for case in known) == 46
    assert sum("price_per_supporter_or_rho" in case for case in known) == 46


@pytest.mark.parametrize(("path", "case"), PHRAGMEN)
def test_phragmen_selects_what_was_computed_independently(path, case):
    election = election_in(path)

    result = TALLY_RULES[CountingRule.PHRAGMEN](election.profile, CountingParameters())

    assert sorted(result.selected) == sorted(case["selected"])
    assert election.amount(result.total_cost) == int(case["total_cost"])
