"""What lies in the box, compared with what the voters were told: before closing through the poll's key, which nobody
may do in a real vote, then as everybody sees it, after closing and counting."""

import json
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from benchmarks.rehearsals.town import Town, inside
from benchmarks.scenario import key_folder
from civicvote.db import db, unit_of_work
from civicvote.domain.polls.box import keys, sealing
from civicvote.domain.polls.models import Envelope, UnsealedBallot
from civicvote.domain.polls.services import close_and_count

Ballot = frozenset[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """``lost``: acknowledged ballots that are not in the box, or not as they were chosen. ``double``: ballots in the
    box that were not acknowledged to anybody, or more than one of a person. ``counted``: ballots after the count."""

    lost: int
    double: int
    counted: int


def examine(environment: dict[str, str], town: Town, in_box: dict[int, Ballot]) -> Findings:
    """Open the envelopes, close and count the poll, and compare both with the acknowledged choices by person."""
    with inside(environment):
        sealed = _opened(town)
        with unit_of_work():
            close_and_count(
                actor=town.administrator,
                region_id=town.region_id,
                poll_id=town.poll_id,
                reason="The rehearsal is over.",
                key_folder=key_folder(),
            )
        counted = counted_ballots(town)
    missing, surplus = (
        sum(1 for voter, chosen in in_box.items() if sealed.get(voter) != chosen),
        len(sealed.keys() - in_box),
    )
    told = Counter(in_box.values())
    return Findings(
        lost=max(missing, (told - counted).total()),
        double=max(surplus, counted.total() - len(in_box)),
        counted=counted.total(),
    )


def _opened(town: Town) -> dict[int, Ballot]:
    opener = sealing.Opener(keys.load(key_folder(), town.poll_id))
    rows = db.session.execute(
        sa.select(Envelope.voter_id, Envelope.sealed).where(
            Envelope.region_id == town.region_id, Envelope.poll_id == town.poll_id
        )
    ).all()
    db.session.rollback()
    return {voter: _choices(opener.unseal(sealed)) for voter, sealed in rows}


def counted_ballots(town: Town) -> Counter[Ballot]:
    """The choices as they were unsealed, of a poll that was counted."""
    rows = db.session.scalars(
        sa.select(UnsealedBallot.choices).where(
            UnsealedBallot.region_id == town.region_id, UnsealedBallot.poll_id == town.poll_id
        )
    )
    return Counter(map(_choices, rows))


def _choices(text: str) -> Ballot:
    """The option keys of a ballot, with or without what is sealed beside it."""
    content = json.loads(text)
    return frozenset(content["ballot"] if isinstance(content, dict) else content)
