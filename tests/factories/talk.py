"""Proposals and comments of a test: some through the services, many straight into the tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import insert

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import submit_proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.domain.threads.comment_paths import position
from civicvote.domain.threads.models import Comment, Thread
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person

TITLE = "도서관 앞 횡단보도 설치"
SUMMARY = "도서관 앞길에 횡단보도가 없어 아이들이 차도를 건넙니다."
BODY = "매일 오후 아이들 수십 명이 이 길을 건넙니다.\n\n횡단보도와 **과속 방지턱**이 필요합니다."


def make_proposal(round_: Round, author: Person | None = None, **texts: str) -> Proposal:
    """A proposal as its author would submit it; the round must be in a phase that takes proposals."""
    author = author or make_person()
    given = {"title": TITLE, "summary": SUMMARY, "body": BODY, "field_key": "safety", "place": "중앙로", **texts}
    alike = sa.select(sa.func.count()).where(Proposal.author_id == author.id, Proposal.title == given["title"])
    if number := db.session.scalar(alike):
        given["place"] = f"{given['place']} {number + 1}"  # the very same is not posted twice
    return submit_proposal(actor=actor_for(author), round=round_, **given)


def thread_of(proposal: Proposal) -> Thread:
    return db.session.get_one(Thread, (proposal.region_id, proposal.thread_id))


def make_many_proposals(round_: Round, author: Person, count: int) -> None:
    """``count`` visible proposals with different numbers of endorsements and comments, in two statements."""
    threads, rows = [], []
    for number in range(count):
        thread_id = ids.new_id()
        threads.append(
            {
                "region_id": round_.region_id,
                "id": thread_id,
                "group_id": round_.id,
                "comment_count": number % 7,
                "for_count": 0,
                "against_count": 0,
                "created_at": clock.now(),
            }
        )
        rows.append(
            {
                "region_id": round_.region_id,
                "id": ids.new_id(),
                "round_id": round_.id,
                "author_id": author.id,
                "thread_id": thread_id,
                "title": f"제안 {number}",
                "summary": SUMMARY,
                "body": BODY,
                "body_html": "",
                "field_key": "safety" if number % 3 else "welfare",
                "place": "중앙로" if number % 2 else "강변 공원",
                "state": ProposalState.SUBMITTED,
                "visibility": Visibility.VISIBLE,
                "endorsement_count": number % 5,
                "version": 1,
                "submitted_at": clock.now(),
            }
        )
    db.session.execute(insert(Thread), threads)
    db.session.execute(insert(Proposal), rows)
    db.session.flush()


def make_many_comments(thread: Thread, author: Person, *, roots: int, replies_each: int) -> None:
    """Roots with replies below each, the last reply as deep as replies go; counters are set to match."""
    rows: list[dict[str, object]] = []
    moment = clock.now() - timedelta(days=1)
    for _ in range(roots):
        root_id = ids.new_id()
        root = position(root_id)
        rows.append(_comment_row(thread, author, root_id, "", replies_each, moment))
        rows += [_comment_row(thread, author, ids.new_id(), root.path, 0, moment) for _reply in range(replies_each)]
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(Comment), rows[start : start + 1000])
    thread.comment_count += len(rows)
    db.session.flush()


def _comment_row(
    thread: Thread, author: Person, comment_id: int, above: str, reply_count: int, moment: datetime
) -> dict[str, object]:
    place = position(comment_id, above)
    return {
        "region_id": thread.region_id,
        "id": comment_id,
        "thread_id": thread.id,
        "parent_id": place.parent_id,
        "depth": place.depth,
        "path": place.path,
        "author_id": author.id,
        "author_role": "",
        "stance": Stance.NEUTRAL,
        "body": "의견",
        "body_html": "<p>의견</p>",
        "visibility": Visibility.VISIBLE,
        "reply_count": reply_count,
        "created_at": moment,
    }


def bodies(views: Sequence[object]) -> list[str]:
    """What comments say, without the markup."""
    return [getattr(view, "body_html", "").replace("<p>", "").replace("</p>", "").strip() for view in views]
