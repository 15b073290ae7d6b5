"""A budget in parts: every district, or field, has an amount of its own and is counted on its own.

What one part leaves over does not go to another: it is for the budget's owner to say what becomes of it. Options of no
listed district or field share the rest of the budget. In the count of a part take part those ballots that name one of
its options, so an equal share under Equal Shares and a minimum support are of those who voted there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy
from civicvote.domain.tally.parts_explained import EnvelopePart, EnvelopesExplained
from civicvote.domain.tally.profile import Choices, Option, Profile
from civicvote.domain.tally.result import TallyResult, Tie, Verdict
from civicvote.kernel.errors import Invalid


class EnvelopesExceedBudget(Invalid):
    """The parts are together more than there is to divide, or one is less than nothing."""

    code = "tally_envelopes_exceed_budget"


class RivalsAcrossEnvelopes(Invalid):
    """Options that exclude each other stand in parts that are counted apart."""

    code = "tally_rivals_across_envelopes"


@dataclass(frozen=True, slots=True)
class Part:
    """``amount`` in the currency's smallest unit; ``key`` is empty for the rest."""

    key: str
    amount: int
    option_ids: frozenset[str]

    def of(self, profile: Profile) -> Profile:
        """The part's options, its amount, and of each ballot what it says about them, if anything."""
        counts: dict[Choices, int] = {}
        for group in profile.ballots:
            if choices := tuple(choice for choice in group.choices if choice[0] in self.option_ids):
                counts[choices] = counts.get(choices, 0) + group.count
        options = (option for option in profile.options if option.id in self.option_ids)
        return Profile.of_counts(options, counts, budget=self.amount)


def split(options: Sequence[Option], budget: int, parameters: CountingParameters, envelopes: Envelopes) -> list[Part]:
    """The parts by key, then the rest where options are left for it.

    Raises :class:`EnvelopesExceedBudget`, :class:`RivalsAcrossEnvelopes`.
    """
    rest = budget - sum(envelopes.amounts.values())
    if rest < 0 or any(amount < 0 for amount in envelopes.amounts.values()):
        raise EnvelopesExceedBudget(field="envelopes", budget=budget, envelopes=budget - rest)
    key_of = {option.id: _key(option, envelopes) for option in options}
    for group in parameters.incompatible:
        if len({key_of[option_id] for option_id in group if option_id in key_of}) > 1:
            raise RivalsAcrossEnvelopes(field="envelopes", options=", ".join(group))
    amounts = dict(sorted(envelopes.amounts.items()))
    if "" in key_of.values():
        amounts[""] = rest
    return [
        Part(key, amount, frozenset(option_id for option_id, of in key_of.items() if of == key))
        for key, amount in amounts.items()
    ]


def join(profile: Profile, parameters: CountingParameters, counted: Sequence[tuple[Part, TallyResult]]) -> TallyResult:
    """One result: part after part, steps numbered through; ``left`` stays what was left of the part's own amount."""
    looked_at: list[Verdict] = []
    never_looked_at: list[Verdict] = []
    ties: list[Tie] = []
    for _, result in counted:
        for verdict in result.verdicts:
            if verdict.step is None:
                never_looked_at.append(verdict)
            else:
                looked_at.append(replace(verdict, step=len(looked_at) + 1))
        ties += result.ties
    return TallyResult(
        rule=counted[0][1].rule,
        parameters=parameters,
        budget=profile.budget,
        voters=profile.voters,
        valid_ballots=profile.valid_ballots,
        verdicts=(*looked_at, *sorted(never_looked_at, key=lambda verdict: verdict.option_id)),
        ties=tuple(ties),
        explanation=EnvelopesExplained(
            tuple(
                EnvelopePart(
                    key=part.key,
                    amount=part.amount,
                    spent=result.total_cost,
                    voters=result.voters,
                    option_ids=tuple(sorted(part.option_ids)),
                    explanation=result.explanation,
                )
                for part, result in counted
            )
        ),
    )


def _key(option: Option, envelopes: Envelopes) -> str:
    key = option.district if envelopes.by is EnvelopesBy.DISTRICT else option.field
    return key if key in envelopes.amounts else ""
