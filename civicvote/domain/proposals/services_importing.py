"""Take in tables of proposals: checked first, stored as one act, told row by row."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.proposals.models import ProposalImport
from civicvote.domain.proposals.queries_importing import titles_in_round
from civicvote.domain.proposals.services_posting import post_proposal
from civicvote.domain.proposals.spots import Spot
from civicvote.domain.proposals.tables.columns import ImportColumn, ImportProblem, RefusedRow
from civicvote.domain.proposals.tables.errors import ImportSettled, ImportWithoutRows, UnknownImport
from civicvote.domain.proposals.tables.rows import ImportRow, ImportTable, folded
from civicvote.domain.proposals.texts import ProposalTexts
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import holds_personal_number

_LONGEST_NAME = 100


def keep_checked_table(
    *, actor: Actor, round: Round, table: ImportTable, source: str, file_name: str
) -> ProposalImport:
    """Keep what a table would bring until its clerk takes it in or gives it up. Nothing is public yet.

    Raises ``PhaseClosed``, ``NotPermitted``."""
    require(actor, Permission.PROPOSAL_IMPORT, round.region_id)
    require_open(round, Permission.PROPOSAL_IMPORT)
    kept = ProposalImport(
        region_id=round.region_id,
        id=ids.new_id(),
        round_id=round.id,
        clerk_id=actor.person_id,
        file_name=_readable(file_name),
        source=source,
        rows=[row.to_json() for row in table.rows],
        refused=[row.to_json() for row in table.refused],
        accepted_count=0,
        refused_count=len(table.refused),
        checked_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def take_in_proposals(*, actor: Actor, region_id: int, import_id: int) -> ProposalImport:
    """Post the rows of a checked table, all of them or none. Limits for each person don't apply.

    A title that was posted since the table was checked leaves its row out. Raises ``UnknownImport``, ``ImportSettled``,
    ``ImportWithoutRows``, ``PhaseClosed``, ``NotPermitted``."""
    require(actor, Permission.PROPOSAL_IMPORT, region_id)
    waiting = _waiting(region_id, import_id)
    round_ = announced_round(region_id, waiting.round_id)
    _lock(round_)
    require_open(round_, Permission.PROPOSAL_IMPORT)
    rows = [ImportRow.from_json(each) for each in waiting.rows]
    standing = titles_in_round(region_id, round_.id)
    twins = [row for row in rows if folded(row.title) in standing]
    fresh = [row for row in rows if folded(row.title) not in standing]
    if not fresh:
        raise ImportWithoutRows
    for row in fresh:
        post_proposal(
            author_id=actor.person_id,
            round=round_,
            texts=ProposalTexts(row.title, row.summary, row.body, row.place),
            field_key=row.field_key,
            spot=Spot(row.district_code, row.latitude_e6, row.longitude_e6),
            source=row.source,
        )
    refused = [*waiting.refused, *(_twin(row).to_json() for row in twins)]
    waiting.refused = sorted(refused, key=lambda each: each["line"])
    waiting.rows = []
    waiting.accepted_count, waiting.refused_count = len(fresh), len(refused)
    waiting.taken_at = clock.now()
    record(
        region_id=region_id,
        actor_id=actor.person_id,
        verb=AuditVerb.PROPOSAL_IMPORT,
        subject=f"round:{round_.id}",
        detail={"accepted": len(fresh), "refused": len(refused), "reason": waiting.source},
    )
    db.session.flush()
    return waiting


def give_up_import(*, actor: Actor, region_id: int, import_id: int) -> None:
    """Throw a checked table away. Raises ``UnknownImport``, ``ImportSettled``, ``NotPermitted``."""
    require(actor, Permission.PROPOSAL_IMPORT, region_id)
    db.session.delete(_waiting(region_id, import_id))
    db.session.flush()


def _waiting(region_id: int, import_id: int) -> ProposalImport:
    """Locked, so that two clicks take it in once."""
    found = db.session.get(ProposalImport, (region_id, import_id), with_for_update=True, populate_existing=True)
    if found is None:
        raise UnknownImport
    if found.taken_at is not None:
        raise ImportSettled
    return found


def _lock(round: Round) -> None:
    """One table of a round at a time, or two of them post the same titles, which neither sees of the other."""
    own = (Round.region_id == round.region_id, Round.id == round.id)
    db.session.execute(sa.select(Round.id).where(*own).with_for_update())


def _twin(row: ImportRow) -> RefusedRow:
    cells = {"title": row.title, "summary": row.summary, "body": row.body, "field": row.field_key, "place": row.place}
    return RefusedRow(row.line, ImportProblem.TITLE_STANDS, ImportColumn.TITLE, cells)


def _readable(name: str) -> str:
    """The file's name for the list of imports; a personal number or signs of no text in it are not worth a refusal."""
    printable = "".join(each for each in name if each.isprintable())
    short = " ".join(clean_text(printable).split())[:_LONGEST_NAME]
    return "" if holds_personal_number(short) else short
