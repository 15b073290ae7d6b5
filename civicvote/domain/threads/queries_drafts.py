"""Reads of what somebody began to write."""

from civicvote.db import db
from civicvote.domain.threads.models import CommentDraft
from civicvote.kernel.actor import Actor


def draft_of(actor: Actor, region_id: int, thread_id: int, parent_id: int = 0) -> CommentDraft | None:
    """What the actor began to write in the thread (``parent_id`` 0) or below one of its comments."""
    return db.session.get(CommentDraft, (region_id, thread_id, actor.person_id, parent_id))
