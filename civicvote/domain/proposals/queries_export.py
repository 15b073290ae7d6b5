"""A round's public proposals for a table, in chunks by key."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.listing import ProposalFilter
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.queries_list import IN_ROUND, filters
from civicvote.domain.proposals.tables.exchange import ExportedProposal
from civicvote.domain.regions.models import District
from civicvote.domain.threads.models import Thread
from civicvote.kernel import ids

CHUNK = 500


def exported_proposals(
    region_id: int,
    round_id: int,
    wanted: ProposalFilter | None = None,
    *,
    among: Sequence[int] | None = None,
    chunk: int = CHUNK,
) -> Iterator[ExportedProposal]:
    """The proposals that the round's list shows, the newest first; one statement for each ``chunk`` of them.

    ``among``: only these."""
    conditions = filters(wanted, among)
    last: int | None = None
    while True:
        rows = list(db.session.execute(_statement(region_id, round_id, conditions, last, chunk)))
        for row in rows:
            yield ExportedProposal(key=ids.encode(row.id), **row._mapping)
        if len(rows) < chunk:
            return
        last = rows[-1].id


def _statement(
    region_id: int, round_id: int, conditions: list[sa.ColumnElement[bool]], last: int | None, chunk: int
) -> sa.Select[*tuple[Any, ...]]:
    statement = (
        sa.select(
            Proposal.id,
            Proposal.title,
            Proposal.summary,
            Proposal.body,
            Proposal.field_key,
            Proposal.state,
            Proposal.district_code,
            District.name_ko.label("district_name"),
            Proposal.place,
            Proposal.latitude_e6,
            Proposal.longitude_e6,
            Person.display_name.label("author"),
            Proposal.source,
            Proposal.endorsement_count,
            Thread.comment_count,
            Proposal.submitted_at,
            Proposal.edited_at,
            Proposal.version,
        )
        .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
        .join(Person, Person.id == Proposal.author_id)
        .join(District, District.code == Proposal.district_code, isouter=True)
        .where(*IN_ROUND, *conditions)
        .params(region_id=region_id, round_id=round_id)
        .order_by(Proposal.id.desc())
        .limit(chunk)
    )
    return statement if last is None else statement.where(Proposal.id < last)
