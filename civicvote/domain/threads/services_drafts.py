"""What somebody began to write in a thread: kept while they think, gone once it is posted or emptied."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from civicvote.db import db
from civicvote.domain.threads.errors import CommentTooLong
from civicvote.domain.threads.models import CommentDraft, Thread
from civicvote.domain.threads.stance import Stance
from civicvote.domain.threads.text import MAX_LENGTH
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.markup import clean_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.personal_data import refuse_personal_numbers

#: Longer than a comment may be: who has written too much shortens it later.
MOST_KEPT = 2 * MAX_LENGTH


# Built once: every comment that is posted asks this.
_DROP = sa.delete(CommentDraft).where(
    CommentDraft.region_id == sa.bindparam("region"),
    CommentDraft.thread_id == sa.bindparam("thread"),
    CommentDraft.person_id == sa.bindparam("person"),
    CommentDraft.parent_id == sa.bindparam("parent"),
)


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Where the text would go: into a thread (``parent_id`` 0) or below one of its comments."""

    thread: Thread
    parent_id: int = 0


def keep_draft(*, actor: Actor, place: DraftPlace, body: str, stance: Stance = Stance.NEUTRAL) -> bool:
    """Keep what was written so far, in place of what was kept before; an empty text ends it. Whether one is kept now.

    Raises ``CommentTooLong``, ``ControlCharacters`` and what is wrong with personal numbers.
    """
    require(actor, Permission.COMMENT_POST, place.thread.region_id)
    text = clean_text(body)
    if not text:
        drop_draft(actor=actor, place=place)
        return False
    if len(text) > MOST_KEPT:
        raise CommentTooLong(limit=MOST_KEPT)
    refuse_personal_numbers(text, field="body")
    content = {"body": text, "stance": stance, "saved_at": clock.now()}
    # Two devices may save for the first time at once: the later one stands.
    db.session.execute(
        _insert()
        .values(
            region_id=place.thread.region_id,
            thread_id=place.thread.id,
            person_id=actor.person_id,
            parent_id=place.parent_id,
            **content,
        )
        .on_conflict_do_update(index_elements=["region_id", "thread_id", "person_id", "parent_id"], set_=content)
    )
    return True


def _insert() -> sqlite.Insert | postgresql.Insert:
    kind = db.session.get_bind().dialect.name
    return postgresql.insert(CommentDraft) if kind == "postgresql" else sqlite.insert(CommentDraft)


def drop_draft(*, actor: Actor, place: DraftPlace) -> None:
    """Forget what was begun in this place."""
    values = {
        "region": place.thread.region_id,
        "thread": place.thread.id,
        "person": actor.person_id,
        "parent": place.parent_id,
    }
    db.session.connection().execute(_DROP, values)


def drop_drafts_of(*, person_id: int) -> None:
    """Forget all that somebody began, when the account is closed."""
    db.session.execute(sa.delete(CommentDraft).where(CommentDraft.person_id == person_id))
