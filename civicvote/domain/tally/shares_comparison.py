"""Equal Shares beside greedy, where the rules ask for it: whichever outcome more voters prefer stands.

Some cities adopted Equal Shares with this safeguard (Pabulib's "equalshares/add1-comparison", as Wieliczka 2023 had
it), so that nobody can say most voters would have been better off without the change. A voter prefers the outcome that
selects more of what the ballot names, counted by number, as those cities had it. Every voter is asked. The public tool
that they used leaves out whoever got nothing from one of the two; on some real votes that turns the answer round
(docs/decisions/0077).
"""

from dataclasses import replace

from civicvote.domain.tally import equal_shares, greedy
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.parts_explained import ComparedExplained
from civicvote.domain.tally.profile import Profile
from civicvote.domain.tally.result import TallyResult
from civicvote.domain.tally.shares_explained import SharesExplained


def count(profile: Profile, parameters: CountingParameters) -> TallyResult:
    """Equal Shares, compared with greedy where ``parameters.compares_with_greedy``; then the explanation is a
    :class:`.ComparedExplained`. Threshold, support and rivals hold in both. Equally many: Equal Shares stands."""
    by_shares = equal_shares.count(profile, parameters)
    if not parameters.compares_with_greedy:
        return by_shares
    by_votes = greedy.count(profile, parameters)
    told = compare(profile, by_shares, by_votes)
    if not told.greedy_stands:
        return replace(by_shares, explanation=told)
    return replace(by_votes, rule=by_shares.rule, explanation=told)


def compare(profile: Profile, by_shares: TallyResult, by_votes: TallyResult) -> ComparedExplained:
    """How many voters have more of which outcome."""
    assert isinstance(by_shares.explanation, SharesExplained)
    one, other = frozenset(by_shares.selected), frozenset(by_votes.selected)
    prefer_shares = prefer_greedy = 0
    for group in profile.ballots:
        named = [option_id for option_id, points in group.choices if points > 0]
        more = sum(option_id in one for option_id in named) - sum(option_id in other for option_id in named)
        prefer_shares += group.count if more > 0 else 0
        prefer_greedy += group.count if more < 0 else 0
    return ComparedExplained(
        prefer_shares=prefer_shares,
        prefer_greedy=prefer_greedy,
        alike=profile.voters - prefer_shares - prefer_greedy,
        shares_selected=by_shares.selected,
        greedy_selected=by_votes.selected,
        shares=by_shares.explanation,
    )
