"""The roll: who may vote. People are added, with the moment, and never removed (a trigger refuses that too)."""

from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import UTCDateTime, db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import shape as ballot_shape
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.errors_planning import DistrictTooSmall, ElectorateTooSmall
from civicvote.domain.polls.models import Poll, PollElector, RollEntry
from civicvote.domain.polls.planning.window import PHASE_OF_KIND, closing_day, effective_closing
from civicvote.domain.polls.queries_electorates import electorate_sizes
from civicvote.domain.polls.queries_roll import is_eligible
from civicvote.domain.polls.roll.strata import FEWEST
from civicvote.domain.regions.queries_districts import district_words
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import span_of
from civicvote.kernel import clock


def add_electors(poll: Poll) -> None:
    """Put everybody on the roll who is named for one of the poll's electorates: nobody of them votes as a resident.

    Whether they are enough is for ``require_large_enough``."""
    for electorate in ballot_shape.read(poll.ballot).electorates:
        if electorate.key == RESIDENTS:
            continue
        named = sa.select(
            PollElector.region_id,
            PollElector.poll_id,
            PollElector.person_id,
            sa.literal(clock.now(), UTCDateTime()),
            PollElector.electorate,
        ).where(
            PollElector.region_id == poll.region_id,
            PollElector.poll_id == poll.id,
            PollElector.electorate == electorate.key,
        )
        columns = ["region_id", "poll_id", "voter_id", "added_at", "electorate"]
        db.session.execute(sa.insert(RollEntry).from_select(columns, named))


def add_eligible_residents(poll: Poll) -> None:
    """Add everybody who may vote by the poll's fixed rule today and is not on the roll yet."""
    assert poll.frozen_rules is not None, "a roll is made once the rules are fixed"
    span = span_of(db.session.get_one(Round, (poll.region_id, poll.round_id)).phases, PHASE_OF_KIND[poll.kind])
    closes_on = closing_day(effective_closing(poll.closes_at, span.ends_at if span else None))
    on_roll = sa.exists().where(
        RollEntry.region_id == poll.region_id, RollEntry.poll_id == poll.id, RollEntry.voter_id == Residency.person_id
    )
    residents = sa.select(
        Residency.region_id,
        sa.literal(poll.id, sa.BigInteger),
        Residency.person_id,
        sa.literal(clock.now(), UTCDateTime()),
    ).where(
        Residency.region_id == poll.region_id,
        is_eligible(freezing.read(poll.frozen_rules).roll_rule, today=clock.today(), closes_on=closes_on),
        ~on_roll,
    )
    db.session.execute(
        sa.insert(RollEntry).from_select(["region_id", "poll_id", "voter_id", "added_at"], residents),
    )


def on_roll(poll: Poll) -> list[tuple[int, str]]:
    """Person id and electorate of everybody on the roll."""
    rows = db.session.execute(
        sa.select(RollEntry.voter_id, RollEntry.electorate)
        .where(RollEntry.region_id == poll.region_id, RollEntry.poll_id == poll.id)
        .order_by(RollEntry.voter_id)
    )
    return [(row.voter_id, row.electorate) for row in rows]


def require_large_enough(poll: Poll) -> None:
    """Whether every electorate, and every district with options of its own, has so many people on the roll that nobody
    can tell from its sums who chose what.

    Raises ``ElectorateTooSmall``, ``DistrictTooSmall`` (docs/decisions/0070)."""
    assert poll.frozen_rules is not None, "a roll is made once the rules are fixed"
    rules = freezing.read(poll.frozen_rules)
    sizes = electorate_sizes(poll.region_id, poll.id)
    for electorate in rules.ballot.electorates:
        found = sizes.get(electorate.key, 0)
        if found < FEWEST:
            name = f"{electorate.name_ko} ({electorate.name_en})"
            raise ElectorateTooSmall(electorate=name, found=found, fewest=FEWEST)
    if not rules.styles:
        return
    living = _living_in(poll, rules.styles)
    names = district_words(rules.styles)
    for style in rules.styles:
        found = living.get(style, 0)
        if found < FEWEST:
            raise DistrictTooSmall(district=names.get(style, style), found=found, fewest=FEWEST)


def _living_in(poll: Poll, districts: Sequence[str]) -> dict[str, int]:
    """District to how many of the roll live there."""
    rows = db.session.execute(
        sa.select(Residency.district_code, sa.func.count())
        .join(RollEntry, (RollEntry.region_id == Residency.region_id) & (RollEntry.voter_id == Residency.person_id))
        .where(
            RollEntry.region_id == poll.region_id,
            RollEntry.poll_id == poll.id,
            Residency.district_code.in_(districts),
        )
        .group_by(Residency.district_code)
        .order_by(Residency.district_code)
    )
    return {district: number for district, number in rows if district is not None}
