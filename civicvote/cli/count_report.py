"""What ``civicvote count`` prints of an outcome: a table for people, or one JSON object.

Amounts are in the file's units; in JSON exactly, as whole numbers, decimal texts, or, in the explanation, fractions
such as "7/2"; in the table what the explanation adds is rounded to hundredths.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction

from civicvote.domain.tally.pabulib.model import PabulibElection
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.parts_explained import ComparedExplained, Explanation
from civicvote.domain.tally.profile import Points
from civicvote.domain.tally.result import Reason, TallyResult, Verdict
from civicvote.domain.tally.shares_explained import PhragmenExplained, RunsEnded, SharesExplained
from civicvote.kernel.voting import CountingRule

_REASON_WORDS = {
    Reason.SELECTED: "selected",
    Reason.DOES_NOT_FIT: "does not fit",
    Reason.AFTER_THE_STOP: "after the stop",
    Reason.BEYOND_THE_SEATS: "beyond the seats",
    Reason.BELOW_THRESHOLD: "below the threshold",
    Reason.TOO_LITTLE_SUPPORT: "too little support for its cost",
    Reason.RIVAL_WON: "a rival won",
    Reason.SUPPORTERS_CANNOT_PAY: "its supporters cannot pay",
    Reason.WITHDRAWN: "withdrawn",
}
_ENDED_WORDS = {
    RunsEnded.ONE_RUN: "one run was asked for",
    RunsEnded.EXHAUSTIVE: "nothing that anybody supports fits into the rest",
    RunsEnded.NEXT_OVERSPENDS: "the next run would overspend",
    RunsEnded.ALL_BOUGHT: "nothing is left to buy beside these",
    RunsEnded.MOST_RUNS: "the largest number of runs was reached",
}


def outcome(election: PabulibElection, result: TallyResult) -> dict[str, object]:
    """What ``--json`` prints. Amounts are in the file's units, as :meth:`.PabulibElection.amount` gives them.

    A score that is not whole is a text such as "7/2". ``selected`` is in order of selection; ``ties`` are the
    groups of equal score in which the tie-break decided, ids in the order used. ``explanation`` is there under Equal
    Shares and Phragmén; its amounts are exact and may be fractions. ``comparison`` is there where Equal Shares was
    compared with greedy.
    """
    parameters = result.parameters
    return {
        "rule": result.rule.value,
        "tie_break": str(parameters.tie_break),
        "threshold": None if parameters.threshold is None else exact(parameters.threshold),
        "support_divisor": parameters.support_divisor,
        **_shares_parameters(election, result),
        "selected": list(result.selected),
        "total_cost": election.amount(result.total_cost),
        "budget": election.amount(result.budget),
        "currency": election.currency,
        "voters": result.voters,
        "valid_ballots": result.valid_ballots,
        "ties": [
            {
                "score": exact(tie.score),
                "projects": list(tie.option_ids),
                "changed_winners": tie.changed_winners,
            }
            for tie in result.ties
        ],
        "projects": [_verdict(election, verdict) for verdict in result.verdicts],
        **_comparison(result),
        **_explanation(election, result),
        "warnings": len(election.warnings),
    }


def exact(number: Points) -> int | str:
    """A whole number as itself, anything else as numerator/denominator."""
    return int(number) if Fraction(number).denominator == 1 else str(number)


def table(election: PabulibElection, result: TallyResult) -> Iterator[str]:
    """Line by line; the texts are the file's own and may hold anything."""
    currency = election.currency or ""
    yield f"rule {_rule_words(election, result)}, ties by {result.parameters.tie_break}"
    yield f"{result.voters} ballots, {result.valid_ballots} of them with a choice"
    yield ""
    names = {project.option.id: project.option.name for project in election.projects}
    details = _details(election, result)
    rows = [
        (
            "" if verdict.step is None else str(verdict.step),
            verdict.option_id,
            str(exact(verdict.score)),
            str(election.amount(verdict.cost)),
            "" if verdict.left is None else str(election.amount(verdict.left)),
            _REASON_WORDS[verdict.reason] + details.get(verdict.option_id, ""),
            names[verdict.option_id],
        )
        for verdict in result.verdicts
    ]
    heads = ("step", "project", "score", "cost", "left", "why", "name")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = [
            cell.ljust(width) if head in ("project", "why", "name") else cell.rjust(width)
            for head, cell, width in zip(heads, row, widths, strict=True)
        ]
        yield "  ".join(cells).rstrip()
    yield ""
    yield from _runs(election, result)
    for tie in result.ties:
        effect = "the order decided who wins" if tie.changed_winners else "the winners do not depend on it"
        yield f"tie at {exact(tie.score)}: {', '.join(tie.option_ids)}; {effect}"
    spent, budget = election.amount(result.total_cost), election.amount(result.budget)
    yield f"selected {len(result.selected)}, cost {spent} of {budget} {currency}".rstrip()


def _verdict(election: PabulibElection, verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.option_id,
        "reason": verdict.reason.value,
        "score": exact(verdict.score),
        "cost": election.amount(verdict.cost),
        "step": verdict.step,
        "left": None if verdict.left is None else election.amount(verdict.left),
    }


def _shares_parameters(election: PabulibElection, result: TallyResult) -> dict[str, object]:
    if result.rule is not CountingRule.EQUAL_SHARES:
        return {}
    parameters: CountingParameters = result.parameters
    return {
        "satisfaction": parameters.satisfaction.value,
        "completion": parameters.completion.value,
        "increment": exact(_in_units(election)(parameters.increment)),
        "most_runs": parameters.most_runs,
    }


def _comparison(result: TallyResult) -> dict[str, object]:
    told = result.explanation
    if not isinstance(told, ComparedExplained):
        return {}
    return {
        "comparison": {
            "stands": (CountingRule.GREEDY if told.greedy_stands else CountingRule.EQUAL_SHARES).value,
            "prefer_equal_shares": told.prefer_shares,
            "prefer_greedy": told.prefer_greedy,
            "alike": told.alike,
            "equal_shares": list(told.shares_selected),
            "greedy": list(told.greedy_selected),
        }
    }


def _of_what_stands(result: TallyResult) -> Explanation | None:
    """Nothing where greedy stands, whose verdicts say everything."""
    told = result.explanation
    if isinstance(told, ComparedExplained):
        return None if told.greedy_stands else told.shares
    return told


def _explanation(election: PabulibElection, result: TallyResult) -> dict[str, object]:
    units = _in_units(election)

    def amount(number: Points) -> int | str:
        return exact(units(number))

    match _of_what_stands(result):
        case SharesExplained(runs, purchases, added_after, not_paid):
            return {
                "explanation": {
                    "runs": runs.number,
                    "first_share": amount(runs.first_share),
                    "share": amount(runs.share),
                    "ended": runs.ended.value,
                    "purchases": [
                        {
                            "id": each.option_id,
                            "rate": amount(each.rate),
                            "supporters": each.supporters,
                            "paid_in_full": each.paid_in_full,
                            "paid_the_rest": each.paid_the_rest,
                            "smallest_payment": amount(each.smallest_payment),
                            "largest_payment": amount(each.largest_payment),
                        }
                        for each in purchases
                    ],
                    "added_after": list(added_after),
                    "not_paid": [
                        {
                            "id": each.option_id,
                            "supporters": each.supporters,
                            "money_left": amount(each.money_left),
                            "missing": amount(each.missing),
                        }
                        for each in not_paid
                    ],
                }
            }
        case PhragmenExplained(purchases=loads, stopped_at=stopped_at, not_reached=not_reached):
            return {
                "explanation": {
                    "purchases": [
                        {
                            "id": each.option_id,
                            "load": amount(each.load),
                            "supporters": each.supporters,
                            "smallest_payment": amount(each.smallest_payment),
                            "largest_payment": amount(each.largest_payment),
                        }
                        for each in loads
                    ],
                    "stopped_at": stopped_at,
                    "not_reached": [
                        {
                            "id": each.option_id,
                            "supporters": each.supporters,
                            "load": None if each.load is None else amount(each.load),
                        }
                        for each in not_reached
                    ],
                }
            }
    return {}


def _details(election: PabulibElection, result: TallyResult) -> dict[str, str]:
    """Option id to what the explanation adds to the reason's words."""
    units = _in_units(election)
    match _of_what_stands(result):
        case SharesExplained(purchases=purchases, added_after=added_after, not_paid=not_paid):
            paid = {
                each.option_id: f": {each.supporters} supporters paid up to {_rounded(units(each.largest_payment))}"
                for each in purchases
            }
            missing = {each.option_id: f": {_rounded(units(each.missing))} missing" for each in not_paid}
            return missing | dict.fromkeys(added_after, " afterwards, by votes") | paid
        case PhragmenExplained(purchases=loads):
            return {
                each.option_id: f": {each.supporters} supporters, load {_rounded(units(each.load))}" for each in loads
            }
    return {}


def _runs(election: PabulibElection, result: TallyResult) -> Iterator[str]:
    units = _in_units(election)
    if isinstance(told := result.explanation, ComparedExplained):
        stands = "greedy" if told.greedy_stands else "Equal Shares"
        yield f"{told.prefer_shares} voters prefer Equal Shares, {told.prefer_greedy} greedy: {stands} stands"
        yield f"{told.alike} voters have as much of both"
    match _of_what_stands(result):
        case SharesExplained(runs=runs):
            first, last = _rounded(units(runs.first_share)), _rounded(units(runs.share))
            yield f"runs {runs.number}, shares {first} at first, {last} in the run that holds"
            yield f"no further run: {_ENDED_WORDS[runs.ended]}"
        case PhragmenExplained(stopped_at=str(stopped_at)):
            yield f"stopped at {stopped_at}, which was next and costs more than is left"


def _rule_words(election: PabulibElection, result: TallyResult) -> str:
    if result.rule is not CountingRule.EQUAL_SHARES:
        return result.rule.value
    parameters = result.parameters
    compared = ", compared with greedy" if parameters.compares_with_greedy else ""
    return f"{result.rule} ({parameters.satisfaction} satisfaction, completion {parameters.completion}{compared})"


def _in_units(election: PabulibElection) -> Callable[[Points], Fraction]:
    return lambda number: Fraction(number) / 10**election.exponent


def _rounded(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.2f}"
