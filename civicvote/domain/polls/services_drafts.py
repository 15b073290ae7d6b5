"""Ballots that were begun: kept while they are filled in, gone with casting, with closing and with the session."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from civicvote.db import db
from civicvote.domain.accounts.models import AccountSession
from civicvote.domain.accounts.tokens import token_hash
from civicvote.domain.polls.ballots import wishes
from civicvote.domain.polls.ballots.wishes import Wish
from civicvote.domain.polls.box import draft_sealing
from civicvote.domain.polls.models import BallotDraft, Poll
from civicvote.domain.polls.queries import PollView
from civicvote.domain.polls.services_turns import take_turn
from civicvote.domain.polls.states import PollState
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor

_KEY = (BallotDraft.region_id, BallotDraft.poll_id, BallotDraft.person_id)


def keep_draft(*, actor: Actor, poll: PollView, token: str, wish: Wish) -> None:
    """Keep what can be read of the ballot, sealed for this session; an empty one forgets this session's own.

    The caller has seen that the poll is open and that the actor may vote. A closing that came in between is waited for,
    and then nothing is kept. One statement, on PostgreSQL another one for the turn."""
    if not wish.choices:
        _forget_own(actor, poll, token)
        return
    take_turn(poll.id)
    content = {
        "session_hash": token_hash(token),
        "sealed": draft_sealing.seal(
            wishes.write(wish),
            key=draft_sealing.key_from(token, poll.id),
            longest=wishes.longest(poll.options),
        ),
    }
    columns = BallotDraft.__table__.c
    values = {"person_id": actor.person_id, "begun_at": clock.now(), **content}
    while_open = sa.select(
        Poll.region_id, Poll.id, *(sa.literal(value, columns[name].type) for name, value in values.items())
    ).where(Poll.region_id == poll.region_id, Poll.id == poll.id, Poll.state == PollState.FROZEN)
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.session.execute(
        insert(BallotDraft)
        .from_select(["region_id", "poll_id", *values], while_open)
        .on_conflict_do_update(index_elements=["region_id", "poll_id", "person_id"], set_=content)
    )


def _forget_own(actor: Actor, poll: PollView, token: str) -> None:
    """What another session began stays: this one could not read it."""
    db.session.execute(
        sa.delete(BallotDraft).where(
            BallotDraft.region_id == poll.region_id,
            BallotDraft.poll_id == poll.id,
            BallotDraft.person_id == actor.person_id,
            BallotDraft.session_hash == token_hash(token),
        )
    )


# Built once: it is part of every cast.
_FORGET = sa.delete(BallotDraft).where(
    *(BallotDraft.__table__.c[name] == sa.bindparam(name) for name in ("region_id", "poll_id", "person_id"))
)


def forget_draft(*, region_id: int, poll_id: int, person_id: int) -> None:
    """When the ballot is cast, whichever session began it. One statement."""
    db.session.execute(_FORGET, {"region_id": region_id, "poll_id": poll_id, "person_id": person_id})


def forget_drafts_of_poll(poll: Poll) -> None:
    """When the poll closes."""
    db.session.execute(
        sa.delete(BallotDraft).where(BallotDraft.region_id == poll.region_id, BallotDraft.poll_id == poll.id)
    )


def forget_drafts_of_session(*, token: str) -> None:
    """When the person signs out: nobody could read them again."""
    db.session.execute(sa.delete(BallotDraft).where(BallotDraft.session_hash == token_hash(token)))


def forget_orphaned_drafts() -> int:
    """Drafts whose session ended in any other way, or whose poll takes no ballots any more; how many.

    One that another transaction holds is left to the next run, so that this one and a closing never wait for each other
    in a circle."""
    now: datetime = clock.now()
    ended = sa.select(AccountSession.token_hash).where(
        AccountSession.ended_at.is_not(None) | (AccountSession.expires_at <= now)
    )
    closed = sa.exists().where(
        Poll.region_id == BallotDraft.region_id, Poll.id == BallotDraft.poll_id, Poll.state != PollState.FROZEN
    )
    orphaned = (
        sa.select(*_KEY)
        .where(BallotDraft.session_hash.in_(ended) | closed)
        .with_for_update(of=BallotDraft, skip_locked=True)
    )
    statement = sa.delete(BallotDraft).where(sa.tuple_(*_KEY).in_(orphaned)).returning(BallotDraft.person_id)
    return len(db.session.execute(statement).all())
