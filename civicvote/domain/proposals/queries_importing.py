"""Reads about imports of proposals, for those who may import."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Proposal, ProposalImport
from civicvote.domain.proposals.tables.columns import RefusedRow
from civicvote.domain.proposals.tables.errors import UnknownImport
from civicvote.domain.proposals.tables.rows import ImportRow, KnownWords, folded
from civicvote.domain.regions.queries import region_details
from civicvote.domain.regions.queries_districts import districts_of
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility

PAGE_SIZE = 20
#: As the retention table says.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as a list shows it; ``taken_at`` is None while it waits to be taken in."""

    id: int
    round_id: int
    source: str
    file_name: str
    clerk: str
    accepted_count: int
    refused_count: int
    checked_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportDetails:
    view: ImportView
    rows: list[ImportRow]
    refused: list[RefusedRow]

    @property
    def kept_until(self) -> datetime:
        return self.view.checked_at + KEPT_FOR


_COLUMNS = (
    ProposalImport.id,
    ProposalImport.round_id,
    ProposalImport.source,
    ProposalImport.file_name,
    Person.display_name.label("clerk"),
    ProposalImport.accepted_count,
    ProposalImport.refused_count,
    ProposalImport.checked_at,
    ProposalImport.taken_at,
)


def imports_of(actor: Actor, region_id: int, *, cursor: str | None = None) -> Page[ImportView]:
    """A region's imports, the newest first. One statement. Raises ``NotPermitted``."""
    require(actor, Permission.PROPOSAL_IMPORT, region_id)
    query = (
        sa.select(*_COLUMNS)
        .join(Person, Person.id == ProposalImport.clerk_id)
        .where(ProposalImport.region_id == region_id)
    )
    if after := read_cursor(cursor, 1):
        query = query.where(ProposalImport.id < after[0])
    rows = db.session.execute(query.order_by(ProposalImport.id.desc()).limit(PAGE_SIZE + 1))
    return page_of([ImportView(*row) for row in rows], PAGE_SIZE, cursor=lambda row: write_cursor(row.id))


def import_details(actor: Actor, region_id: int, import_id: int) -> ImportDetails:
    """One import with its rows. One statement. Raises ``UnknownImport``, ``NotPermitted``."""
    require(actor, Permission.PROPOSAL_IMPORT, region_id)
    row = db.session.execute(
        sa.select(*_COLUMNS, ProposalImport.rows, ProposalImport.refused)
        .join(Person, Person.id == ProposalImport.clerk_id)
        .where(ProposalImport.region_id == region_id, ProposalImport.id == import_id)
    ).first()
    if row is None:
        raise UnknownImport
    *shown, rows, refused = row
    return ImportDetails(
        ImportView(*shown),
        [ImportRow.from_json(each) for each in rows],
        [RefusedRow.from_json(each) for each in refused],
    )


def titles_in_round(region_id: int, round_id: int) -> frozenset[str]:
    """What the round's visible proposals are called, folded for comparing. One statement."""
    found = db.session.scalars(
        sa.select(Proposal.title)
        .where(
            Proposal.region_id == region_id,
            Proposal.round_id == round_id,
            Proposal.visibility == Visibility.VISIBLE,
        )
        .order_by(Proposal.id)
    )
    return frozenset(folded(title) for title in found)


def known_words(round: Round) -> KnownWords:
    """What a table's cells may name in this round. Three statements."""
    fields = {folded(name): each.key for each in round.fields for name in (each.key, each.name_ko, each.name_en)}
    districts: dict[str, str] = {}
    twice: set[str] = set()
    for city in districts_of(region_details(round.region_id).code, clock.today()):
        for code, names in (
            (city.code, (city.name_ko,)),
            *((dong.code, (dong.name_ko, f"{city.name_ko} {dong.name_ko}")) for dong in city.dongs),
        ):
            districts[code] = code
            for name in map(folded, names):
                if districts.setdefault(name, code) != code:
                    twice.add(name)
    return KnownWords(
        fields=fields,
        districts={name: code for name, code in districts.items() if name not in twice},
        titles=titles_in_round(round.region_id, round.id),
    )
