"""Writes of drafts: each save keeps what was typed; two open pages never overwrite each other."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.drafting import DRAFTS_KEPT, MOST_DRAFTS, CleanDraft, TypedDraft, clean_draft
from civicvote.domain.proposals.errors import DraftRoundClosed, TooManyDrafts
from civicvote.domain.proposals.models import Proposal, ProposalDraft
from civicvote.domain.proposals.services_posting import lock_author
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import is_open
from civicvote.domain.uploads.services import keep_waiting, stop_waiting
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.errors import Invalid
from civicvote.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """``draft`` is None where there was nothing to keep. ``is_apart``: another page wrote on with the draft meanwhile,
    so this one got a draft of its own. ``refused``: the fields that could not be stored."""

    draft: ProposalDraft | None
    is_apart: bool = False
    is_first: bool = False
    refused: dict[str, Invalid] = field(default_factory=dict)


def save_draft(*, actor: Actor, round: Round, typed: TypedDraft) -> SavedDraft:
    """Keep what was typed, whatever the phase. The page that saved a draft last, or that knows its last revision, goes
    on with it; a page that does not know what another one wrote gets a draft of its own, and both stay.

    Raises ``TooManyDrafts``."""
    require(actor, Permission.PROPOSAL_SUBMIT, round.region_id)
    # Before anything is read: a page's first two saves become one draft, and one that comes while its proposal is being
    # submitted sees that it stands.
    lock_author(actor.person_id)
    draft, is_apart = _draft_to_write(actor, round, typed)
    stored = (
        {}
        if draft is None
        else {"title": draft.title, "summary": draft.summary}
        | {
            "body": draft.body,
            "place": draft.place,
        }
    )
    clean = clean_draft(typed, stored=stored, keys={each.upload_id: ids.encode(each.upload_id) for each in typed.files})
    is_first = draft is None
    if draft is None:
        if (not any(clean.texts.values()) and not clean.files) or _is_submitted(actor, round, clean):
            return SavedDraft(None, refused=clean.refused)
        draft = _begin(actor, round)
    _write(actor, draft, typed, clean)
    return SavedDraft(draft, is_apart, is_first, clean.refused)


def _draft_to_write(actor: Actor, round: Round, typed: TypedDraft) -> tuple[ProposalDraft | None, bool]:
    """The page's own draft before the one it was opened with: an answer may have been lost on its way."""
    rows = db.session.scalars(
        _own(actor.person_id)
        .where(
            ProposalDraft.region_id == round.region_id,
            ProposalDraft.round_id == round.id,
            sa.or_(ProposalDraft.writer == typed.writer, ProposalDraft.id == typed.draft_id),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    by_writer = next((row for row in rows if row.writer == typed.writer), None)
    if by_writer is not None:
        return by_writer, False
    opened = next(iter(rows), None)
    if opened is None or opened.revision == typed.revision:
        return opened, False
    return None, True


def _own(person_id: int) -> sa.Select[ProposalDraft]:
    return sa.select(ProposalDraft).where(ProposalDraft.author_id == person_id).order_by(ProposalDraft.id)


def _is_submitted(actor: Actor, round: Round, clean: CleanDraft) -> bool:
    """A save that was on its way while its proposal was submitted leaves no ghost behind."""
    twin = sa.select(Proposal.id).where(
        Proposal.author_id == actor.person_id,
        Proposal.region_id == round.region_id,
        Proposal.round_id == round.id,
        Proposal.title == " ".join(clean.texts["title"].split()),
        Proposal.body == clean.texts["body"],
    )
    return db.session.scalar(sa.select(twin.exists())) or False


def _begin(actor: Actor, round: Round) -> ProposalDraft:
    """The caller locked the author, so that two pages don't slip past the limit together."""
    held = db.session.scalar(
        sa.select(sa.func.count()).select_from(ProposalDraft).where(ProposalDraft.author_id == actor.person_id)
    )
    if (held or 0) >= MOST_DRAFTS:
        raise TooManyDrafts(limit=MOST_DRAFTS)
    draft = ProposalDraft(
        region_id=round.region_id,
        id=ids.new_id(),
        round_id=round.id,
        author_id=actor.person_id,
        files=[],
        revision=0,
        created_at=clock.now(),
    )
    db.session.add(draft)
    return draft


def _write(actor: Actor, draft: ProposalDraft, typed: TypedDraft, clean: CleanDraft) -> None:
    now, let_go = clock.now(), _uploads_of(draft) - {each.upload_id for each in typed.files}
    for name, text in clean.texts.items():
        setattr(draft, name, text)
    draft.field_key, draft.files = typed.field_key, clean.files
    draft.district_code = typed.district_code
    draft.latitude_e6, draft.longitude_e6 = typed.latitude_e6, typed.longitude_e6
    draft.writer, draft.revision, draft.saved_at = typed.writer, draft.revision + 1, now
    db.session.flush()
    _release(draft, let_go)
    keep_waiting(
        actor=actor,
        region_id=draft.region_id,
        upload_ids=[each.upload_id for each in typed.files],
        until=now + DRAFTS_KEPT,
    )


def _uploads_of(draft: ProposalDraft) -> set[int]:
    return {ids.decode(each["upload_id"]) for each in draft.files}


def _release(draft: ProposalDraft, upload_ids: Iterable[int]) -> None:
    """Let uploads go that no other draft of the person holds."""
    let_go = set(upload_ids)
    if not let_go:
        return
    others = _own(draft.author_id).where(ProposalDraft.region_id == draft.region_id, ProposalDraft.id != draft.id)
    for other in db.session.scalars(others):
        let_go -= _uploads_of(other)
    stop_waiting(person_id=draft.author_id, region_id=draft.region_id, upload_ids=sorted(let_go))


def discard_draft(*, draft: ProposalDraft) -> None:
    """Destroy a draft, and what no other one holds of its files. The caller found it as the actor's own."""
    held = _uploads_of(draft)
    db.session.delete(draft)
    db.session.flush()
    _release(draft, held)


def end_submitted_draft(*, actor: Actor, round: Round, typed: TypedDraft) -> None:
    """The proposal stands, so its draft goes, in the same transaction; unless another page wrote something else in it
    that this one does not know."""
    draft, _is_apart = _draft_to_write(actor, round, typed)
    if draft is not None:
        discard_draft(draft=draft)


def discard_drafts_of(*, person_id: int) -> None:
    """All drafts of a person whose account is closed."""
    for draft in db.session.scalars(_own(person_id)).all():
        discard_draft(draft=draft)


def move_draft(*, actor: Actor, draft: ProposalDraft, round: Round) -> None:
    """Write it for a round of the region that takes proposals now; the field must be chosen again where it has none
    like it. Raises ``DraftRoundClosed``."""
    require(actor, Permission.PROPOSAL_SUBMIT, round.region_id)
    if not is_open(round, Permission.PROPOSAL_SUBMIT):
        raise DraftRoundClosed
    draft.round_id = round.id
    if all(each.key != draft.field_key for each in round.fields):
        draft.field_key = ""
    draft.revision += 1
    db.session.flush()
