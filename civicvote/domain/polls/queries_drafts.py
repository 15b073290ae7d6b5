"""What is kept of a ballot that somebody began: read by the same session alone."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.ballots import wishes
from civicvote.domain.polls.ballots.wishes import Wish
from civicvote.domain.polls.box import draft_sealing
from civicvote.domain.polls.box.draft_sealing import NotThisSession
from civicvote.domain.polls.models import BallotDraft
from civicvote.domain.polls.queries import PollView
from civicvote.kernel.actor import Actor

_NOTHING = Wish()


class Begun(StrEnum):
    """``ELSEWHERE``: begun on another device or before signing in anew, where alone it can be read."""

    NOTHING = "nothing"
    HERE = "here"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class KeptBallot:
    kept: Begun = Begun.NOTHING
    wish: Wish = _NOTHING


def kept_ballot(actor: Actor, poll: PollView, token: str) -> KeptBallot:
    """The actor's own. One statement."""
    sealed = db.session.scalar(
        sa.select(BallotDraft.sealed).where(
            BallotDraft.region_id == poll.region_id,
            BallotDraft.poll_id == poll.id,
            BallotDraft.person_id == actor.person_id,
        )
    )
    if sealed is None:
        return KeptBallot()
    try:
        text = draft_sealing.unseal(bytes(sealed), key=draft_sealing.key_from(token, poll.id))
    except NotThisSession:
        return KeptBallot(Begun.ELSEWHERE)
    return KeptBallot(Begun.HERE, wishes.read(text, poll.ballot_type))


def is_as_kept(wish: Wish, kept: KeptBallot) -> bool:
    """Whether keeping the wish would change nothing: it is what this session kept, or empty where it kept nothing."""
    if not wish.choices:
        return kept.kept is not Begun.HERE
    return kept.kept is Begun.HERE and wishes.write(kept.wish) == wishes.write(wish)
