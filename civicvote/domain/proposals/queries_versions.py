"""Reads of what a proposal said, version by version; public as the proposal is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.proposals.errors import UnknownVersion
from civicvote.domain.proposals.models import Proposal, ProposalVersion
from civicvote.domain.proposals.queries_authors import names_of
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

#: Each is compared word by word, so a page holds few.
PAGE_SIZE = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A version: what it says, who made it and when. ``files`` are (title, caption)."""

    number: int
    title: str
    summary: str
    body: str
    field_key: str
    place: str
    files: tuple[tuple[str, str], ...]
    editor_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """An edit: what was said before and after it."""

    before: Said
    after: Said


def changes_of(proposal: Proposal, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Change]:
    """The edits of a proposal, the newest first. Three statements."""
    top = (read_cursor(cursor, 1) or (proposal.version,))[0]
    # one more below the page, whose editor and moment are those of the oldest version on it
    rows = _versions(proposal, top - size - 3, top)
    said = _said(proposal, rows, range(max(1, top - size - 1), top + 1))
    changes = [Change(before, after) for after, before in pairwise(said)]
    return page_of(changes, size, cursor=lambda change: write_cursor(change.before.number))


def versions_between(proposal: Proposal, first: int, second: int) -> Change:
    """Two versions of a proposal, the earlier one before. Raises ``UnknownVersion``."""
    low, high = min(first, second), max(first, second)
    if not 1 <= low < high <= proposal.version:
        raise UnknownVersion
    wanted = {low - 1, low, high - 1, high}
    rows = db.session.scalars(_of(proposal).where(ProposalVersion.number.in_(wanted))).all()
    said = {each.number: each for each in _said(proposal, rows, (low, high))}
    return Change(said[low], said[high])


def _of(proposal: Proposal) -> sa.Select[ProposalVersion]:
    return (
        sa.select(ProposalVersion)
        .where(ProposalVersion.region_id == proposal.region_id, ProposalVersion.proposal_id == proposal.id)
        .order_by(ProposalVersion.number)
    )


def _versions(proposal: Proposal, above: int, top: int) -> Sequence[ProposalVersion]:
    return db.session.scalars(_of(proposal).where(ProposalVersion.number > above, ProposalVersion.number <= top)).all()


def _said(proposal: Proposal, rows: Sequence[ProposalVersion], numbers: Sequence[int]) -> list[Said]:
    """The versions with who made each: its maker is the editor who replaced the one before. Newest first."""
    by_number = {row.number: row for row in rows}
    makers = {row.number + 1: (row.editor_id or proposal.author_id, row.replaced_at) for row in rows}
    makers[1] = (proposal.author_id, proposal.submitted_at)
    names = names_of([person_id for person_id, _at in makers.values()])
    texts: dict[int, Any] = dict(by_number)
    if proposal.version in makers:
        texts[proposal.version] = proposal
    return [
        _said_of(number, texts[number], _files_of(proposal, texts[number]), names[makers[number][0]], makers[number][1])
        for number in sorted(numbers, reverse=True)
        if number in texts
    ]


def _said_of(number: int, text: Any, files: tuple[tuple[str, str], ...], name: str, at: datetime) -> Said:
    return Said(
        number=number,
        title=text.title,
        summary=text.summary,
        body=text.body,
        field_key=text.field_key,
        place=text.place,
        files=files,
        editor_name=name,
        at=at,
    )


def _files_of(proposal: Proposal, text: Proposal | ProposalVersion) -> tuple[tuple[str, str], ...]:
    if isinstance(text, ProposalVersion):
        return tuple((each["title"], each["caption"]) for each in text.files)
    return tuple((shown.upload.title, shown.caption) for shown in files_of_proposal(proposal.region_id, proposal.id))
