"""Reads of the published list of receipts and of the end of voting. Nothing here touches envelopes or voters."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.box import merkle
from civicvote.domain.polls.models import BallotReceipt, Poll, PollExtension
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 100
_MOST_EXTENSIONS = 20


@dataclass(frozen=True, slots=True)
class ListedReceipt:
    """``position`` from 0."""

    position: int
    code: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Where a receipt stands in the list of ``size``, and the neighbours (hex, lowest first) that lead to ``root``."""

    code: str
    position: int
    size: int
    neighbours: tuple[str, ...]
    root: str

    def to_json(self) -> dict[str, object]:
        """Every number and hash that the check of RFC 9162, section 2.1.3.2, needs."""
        return {
            "receipt": self.code,
            "position": self.position,
            "size": self.size,
            "path": list(self.neighbours),
            "root": self.root,
        }


@dataclass(frozen=True, slots=True)
class EndOfVoting:
    """What everybody may know of a poll's end: each move of it to later, latest first, why it came early, the root of
    the list of receipts, and how many stand there."""

    extensions: tuple[PollExtension, ...]
    closing_reason: str
    receipts_root: str | None
    receipts: int


def _of(region_id: int, poll_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return BallotReceipt.region_id == region_id, BallotReceipt.poll_id == poll_id


def _size(region_id: int, poll_id: int) -> sa.Select[int]:
    return sa.select(sa.func.coalesce(sa.func.max(BallotReceipt.position) + 1, 0)).where(*_of(region_id, poll_id))


def end_of_voting(region_id: int, poll_id: int) -> EndOfVoting:
    """One statement. An unknown poll has no end."""
    rows = db.session.execute(
        sa.select(
            Poll.closing_reason,
            Poll.receipts_root,
            _size(region_id, poll_id).scalar_subquery().label("receipts"),
            PollExtension,
        )
        .outerjoin(PollExtension, (PollExtension.region_id == Poll.region_id) & (PollExtension.poll_id == Poll.id))
        .where(Poll.region_id == region_id, Poll.id == poll_id)
        .order_by(PollExtension.id.desc())
        .limit(_MOST_EXTENSIONS)
    ).all()
    if not rows:
        return EndOfVoting((), "", None, 0)
    first = rows[0]
    extensions = tuple(row.PollExtension for row in rows if row.PollExtension is not None)
    return EndOfVoting(extensions, first.closing_reason, first.receipts_root, first.receipts)


def listed_receipts(
    region_id: int, poll_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[ListedReceipt]:
    """The list in its order. One statement."""
    statement = sa.select(BallotReceipt.position, BallotReceipt.code).where(*_of(region_id, poll_id))
    if keys := read_cursor(cursor, 1):
        statement = statement.where(BallotReceipt.position > keys[0])
    rows = db.session.execute(statement.order_by(BallotReceipt.position).limit(size + 1))
    return page_of([ListedReceipt(*row) for row in rows], size, cursor=lambda last: write_cursor(last.position))


def all_receipts(region_id: int, poll_id: int) -> list[str]:
    """Every receipt in the order of the list."""
    statement = sa.select(BallotReceipt.code).where(*_of(region_id, poll_id)).order_by(BallotReceipt.position)
    return list(db.session.scalars(statement))


def inclusion_of(region_id: int, poll_id: int, code: str) -> Inclusion | None:
    """The proof that the receipt (hex) is in the list; None where it is not. Three statements at any length."""
    place = db.session.execute(
        sa.select(BallotReceipt.position, Poll.receipts_root, _size(region_id, poll_id).scalar_subquery().label("size"))
        .join(Poll, (Poll.region_id == BallotReceipt.region_id) & (Poll.id == BallotReceipt.poll_id))
        .where(*_of(region_id, poll_id), BallotReceipt.code == code)
    ).first()
    if place is None or place.receipts_root is None:
        return None
    block, within = divmod(place.position, merkle.BLOCK)
    codes = db.session.scalars(
        sa.select(BallotReceipt.code)
        .where(
            *_of(region_id, poll_id),
            BallotReceipt.position >= block * merkle.BLOCK,
            BallotReceipt.position < (block + 1) * merkle.BLOCK,
        )
        .order_by(BallotReceipt.position)
    ).all()
    roots = db.session.scalars(
        sa.select(BallotReceipt.subtree)
        .where(*_of(region_id, poll_id), BallotReceipt.position.in_(range(0, place.size, merkle.BLOCK)))
        .order_by(BallotReceipt.position)
    ).all()
    neighbours = merkle.path([merkle.leaf(each) for each in codes], within) + merkle.path(
        [bytes.fromhex(root) for root in roots if root], block
    )
    return Inclusion(code, place.position, place.size, tuple(node.hex() for node in neighbours), place.receipts_root)
