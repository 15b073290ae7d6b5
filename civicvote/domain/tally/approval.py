"""Approval, k of n: the options with the most approvals, or points, take the seats. Used for agenda polls.

How many options a ballot may name is a rule of the ballot (:mod:`.ballot_rules`); the number of seats is a
parameter of the count. Ties are taken in the declared order.
"""

from collections.abc import Mapping

from civicvote.domain.tally import seats
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Points, Profile
from civicvote.domain.tally.ranking import rank
from civicvote.domain.tally.result import TallyResult
from civicvote.kernel.voting import CountingRule


def count(profile: Profile, parameters: CountingParameters, scores: Mapping[str, Points] | None = None) -> TallyResult:
    """Raises :class:`~.seats.SeatsMissing`. ``scores`` where they are other than the profile's."""
    return seats.fill(profile, parameters, CountingRule.APPROVAL, rank(profile, parameters, scores=scores))
