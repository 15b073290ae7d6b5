"""Turnout by group, made once at closing from the roll alone, where the round's rules ask for it."""

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.polls.models import Poll, RollEntry
from civicvote.domain.polls.models_turnout import TurnoutGroup
from civicvote.domain.polls.roll.turnout_groups import UNKNOWN, AgeBand, Division, Group, age_band, publishable
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.rules import RoundRules
from civicvote.kernel import clock


def record_turnout_by_group(poll: Poll) -> None:
    """Store what may be shown; nothing where the round keeps to the total. The caller holds the poll's lock."""
    round_ = db.session.get_one(Round, (poll.region_id, poll.round_id))
    if not RoundRules.from_json(round_.rules).shows_turnout_by_group:
        return
    for division, groups in _divided(poll).items():
        db.session.add_all(
            TurnoutGroup(
                region_id=poll.region_id,
                poll_id=poll.id,
                division=division,
                key=group.key,
                position=position,
                on_roll=group.on_roll,
                voted=group.voted,
            )
            for position, group in enumerate(publishable(groups))
        )
    db.session.flush()


def _divided(poll: Poll) -> dict[Division, list[Group]]:
    """Everybody on the roll in each division. One statement, which counts before anything leaves the database."""
    rows = db.session.execute(
        sa.select(
            Residency.district_code,
            Residency.birth_year,
            Residency.residency_class,
            sa.func.count(),
            sa.func.count(RollEntry.channel),
        )
        .select_from(RollEntry)
        .outerjoin(
            Residency, (Residency.region_id == RollEntry.region_id) & (Residency.person_id == RollEntry.voter_id)
        )
        .where(RollEntry.region_id == poll.region_id, RollEntry.poll_id == poll.id)
        .group_by(Residency.district_code, Residency.birth_year, Residency.residency_class)
        .order_by(Residency.district_code, Residency.birth_year, Residency.residency_class)
    ).all()
    on_roll: dict[Division, Counter[str]] = {division: Counter() for division in Division}
    voted: dict[Division, Counter[str]] = {division: Counter() for division in Division}
    for district, birth_year, residency, people, ballots in rows:
        keys = {
            Division.DISTRICT: district or UNKNOWN,
            Division.AGE: age_band(birth_year, clock.today().year),
            Division.RESIDENCY: residency.value if residency else UNKNOWN,
        }
        for division, key in keys.items():
            on_roll[division][key] += people
            voted[division][key] += ballots
    return {division: _in_order(division, on_roll[division], voted[division]) for division in Division}


def _in_order(division: Division, on_roll: Mapping[str, int], voted: Mapping[str, int]) -> list[Group]:
    """Groups in the order of their kind, so that neighbours are alike; districts by code; whom nobody knows last."""
    ranks: list[str]
    match division:
        case Division.DISTRICT:
            ranks = sorted(on_roll.keys() - {UNKNOWN})
        case Division.AGE:
            ranks = list(AgeBand)
        case Division.RESIDENCY:
            ranks = list(ResidencyClass)
    return [Group(key, on_roll[key], voted[key]) for key in [*ranks, UNKNOWN] if key in on_roll]
