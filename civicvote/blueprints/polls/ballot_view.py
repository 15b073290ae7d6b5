"""What a ballot's page shows: the options of this voter, in this voter's order, narrowed to a field or a district."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import request

from civicvote.blueprints.polls.parts import district_names, field_names
from civicvote.domain.polls.ballots import basket as baskets
from civicvote.domain.polls.ballots.basket import Basket, BasketOption
from civicvote.domain.polls.ballots.styles import offered
from civicvote.domain.polls.ballots.wishes import Wish
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.queries import PollView
from civicvote.domain.polls.queries_voter import VoterStanding
from civicvote.kernel.lots import shuffled

PRINTED = "printed"
_FEWEST_TO_FILTER = 2


@dataclass(frozen=True)
class BallotView:
    """``field`` and ``district``: what is shown alone, empty for everything; the rest stays in the form, hidden, so
    that nothing chosen is lost."""

    basket: Basket
    fields: dict[str, str]
    districts: dict[str, str]
    field: str
    district: str
    is_printed_order: bool

    @cached_property
    def shown(self) -> frozenset[str]:
        return frozenset(each.option.key for each in self.basket.options if self._is_shown(each))

    def _is_shown(self, each: BasketOption) -> bool:
        return (not self.field or each.option.field_key == self.field) and (
            not self.district or each.option.district_code == self.district
        )

    @property
    def can_narrow(self) -> bool:
        return len(self.fields) >= _FEWEST_TO_FILTER or len(self.districts) >= _FEWEST_TO_FILTER


def view_of(
    poll: PollView,
    voter: VoterStanding | None,
    wish: Wish,
    *,
    person_id: int | None,
    field: str = "",
    district: str = "",
) -> BallotView:
    """At most two statements, and none where nothing on the ballot has a field or a district."""
    is_printed = request.args.get("order") == PRINTED or person_id is None
    options: Sequence[FrozenOption] = offered(poll.ballot, poll.options, voter.style) if voter else poll.options
    if not is_printed:
        options = shuffled(options, f"{poll.id}:{person_id}", lambda option: option.key)
    fields = field_names(poll.region_id, poll.round_id, options) if any(each.field_key for each in options) else {}
    districts = district_names(options) if any(each.district_code for each in options) else {}
    return BallotView(
        basket=baskets.fill(options, wish, poll.ballot_rule),
        fields=fields,
        districts=districts,
        field=field if field in fields else "",
        district=district if district in districts else "",
        is_printed_order=is_printed,
    )
