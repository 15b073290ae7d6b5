"""The list of receipts: fixed at closing, sealed by a root that is in the audit, and each receipt found in it."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.polls.box import merkle
from civicvote.domain.polls.models import BallotReceipt, Envelope, Poll
from civicvote.domain.polls.queries_receipts import all_receipts, end_of_voting, inclusion_of, listed_receipts
from tests.factories.polls import cast, make_agenda_draft


def where(open_poll) -> tuple[int, int]:
    return open_poll.region.id, open_poll.poll.id


def test_closing_lists_every_receipt_once_and_its_root_stands_in_the_audit(open_agenda):
    receipts = [cast(voter, open_agenda.poll, "lamp").code for voter in open_agenda.voters]
    replaced = receipts[0]
    receipts[0] = cast(open_agenda.voters[0], open_agenda.poll, "tree").code
    assert all_receipts(*where(open_agenda)) == []

    open_agenda.close()

    assert all_receipts(*where(open_agenda)) == sorted(receipts)
    root = merkle.root([merkle.leaf(code) for code in sorted(receipts)]).hex()
    assert open_agenda.poll.receipts_root == root
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "poll:close")).one()
    detail = json.loads(entry.detail)
    assert (detail["receipts"], detail["receipts_root"]) == (5, root)
    assert inclusion_of(*where(open_agenda), replaced) is None


def test_each_receipt_has_a_path_to_the_published_root(open_agenda):
    receipts = [cast(voter, open_agenda.poll, "lamp").code for voter in open_agenda.voters]
    open_agenda.close()
    for code in receipts:
        found = inclusion_of(*where(open_agenda), code)
        assert found is not None
        neighbours = [bytes.fromhex(node) for node in found.neighbours]
        top = merkle.root_of_path(merkle.leaf(code), index=found.position, size=found.size, neighbours=neighbours)
        assert top is not None
        assert top.hex() == found.root == open_agenda.poll.receipts_root


def test_a_poll_without_ballots_has_the_root_of_an_empty_list(open_agenda):
    open_agenda.close()
    assert open_agenda.poll.receipts_root == hashlib.sha256(b"").hexdigest()
    assert end_of_voting(*where(open_agenda)).receipts == 0
    assert inclusion_of(*where(open_agenda), "0" * 64) is None


def list_of(poll: Poll, size: int) -> list[str]:
    """A published list as a closing of so many ballots leaves it."""
    codes = sorted(hashlib.sha256(str(number).encode()).hexdigest() for number in range(size))
    roots = merkle.block_roots(codes)
    db.session.execute(
        sa.insert(BallotReceipt),
        [
            {
                "region_id": poll.region_id,
                "poll_id": poll.id,
                "position": position,
                "code": code,
                "subtree": roots[position // merkle.BLOCK].hex() if position % merkle.BLOCK == 0 else None,
            }
            for position, code in enumerate(codes)
        ],
    )
    poll.receipts_root = merkle.root(roots).hex()
    db.session.flush()
    return codes


@pytest.mark.parametrize("size", [100, 700])
def test_a_proof_takes_three_statements_and_a_page_one_however_long_the_list(open_agenda, count_queries, size):
    codes = list_of(open_agenda.poll, size)
    for position in (0, size // 2, size - 1):
        with count_queries() as statements:
            found = inclusion_of(*where(open_agenda), codes[position])
        assert len(statements) == 3
        neighbours = [bytes.fromhex(node) for node in found.neighbours]
        top = merkle.root_of_path(merkle.leaf(codes[position]), index=position, size=size, neighbours=neighbours)
        assert top.hex() == open_agenda.poll.receipts_root
    with count_queries() as statements:
        page = listed_receipts(*where(open_agenda))
    assert len(statements) == 1
    assert [each.code for each in page.items] == codes[:100]
    assert (page.next_cursor is None) == (size == 100)


def test_pages_follow_each_other_without_a_gap(open_agenda):
    codes = list_of(open_agenda.poll, 250)
    seen, cursor = [], None
    while True:
        page = listed_receipts(*where(open_agenda), cursor=cursor)
        seen += [each.code for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == codes


def test_the_list_holds_neither_voter_nor_time_and_another_polls_list_is_its_own(open_agenda):
    code = cast(open_agenda.voters[0], open_agenda.poll, "lamp").code
    open_agenda.close()
    assert {column.key for column in sa.inspect(BallotReceipt).columns} == {
        "region_id",
        "poll_id",
        "position",
        "code",
        "subtree",
    }
    other = make_agenda_draft(open_agenda.region)
    assert inclusion_of(other.region_id, other.id, code) is None
    assert inclusion_of(open_agenda.region.id + 1, open_agenda.poll.id, code) is None


def test_a_receipt_that_was_taken_out_of_the_list_breaks_the_root(open_agenda):
    for voter in open_agenda.voters:
        cast(voter, open_agenda.poll, "lamp")
    open_agenda.close()
    codes = all_receipts(*where(open_agenda))
    without = merkle.root([merkle.leaf(code) for code in codes[1:]]).hex()
    assert without != open_agenda.poll.receipts_root
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Envelope)) == len(codes)
