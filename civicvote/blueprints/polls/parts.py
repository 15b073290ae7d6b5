"""What fields and districts on a ballot are called."""

from collections.abc import Iterable

from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.queries import PollView
from civicvote.domain.regions.queries_districts import district_words
from civicvote.domain.rounds.queries import round_fields
from civicvote.web.i18n import localized


def field_names(region_id: int, round_id: int, options: Iterable[FrozenOption]) -> dict[str, str]:
    """Field → its name, in the round's order; fields of which nothing stands on the ballot are left out."""
    there = {option.field_key for option in options}
    return {field.key: localized(field, "name") for field in round_fields(region_id, round_id) if field.key in there}


def district_names(options: Iterable[FrozenOption]) -> dict[str, str]:
    """District → its name, by name; districts of which nothing stands on the ballot are left out."""
    words = district_words({option.district_code for option in options if option.district_code})
    return dict(sorted(words.items(), key=lambda item: (item[1], item[0])))


def part_names(poll: PollView, districts: Iterable[str] = ()) -> dict[str, str]:
    """Whatever the poll's rules name: fields and districts of its options, and further ``districts``. At most two
    statements."""
    fields = field_names(poll.region_id, poll.round_id, poll.options) if _any(poll, "field_key") else {}
    codes = {option.district_code for option in poll.options if option.district_code}.union(districts)
    return fields | (district_words(codes) if codes else {})


def _any(poll: PollView, name: str) -> bool:
    return any(getattr(option, name) for option in poll.options)
