"""A thread as a page, a single comment with what surrounds it, more replies, what came meanwhile."""

from typing import TYPE_CHECKING

from flask import request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.threads.blueprint import threads
from civicvote.blueprints.threads.hosting import comment_named, context, head, host
from civicvote.domain.threads.queries import comment_in_context, comment_view, edits_of, replies_below
from civicvote.domain.threads.queries_pages import branches_since
from civicvote.domain.threads.queries_roots import cursor_before
from civicvote.domain.threads.queries_views import CommentView
from civicvote.kernel import ids
from civicvote.kernel.visibility import Visibility
from civicvote.web.auth import current_actor
from civicvote.web.discussion import (
    box_with_draft,
    can_discuss,
    discussion,
    now_as_key,
    reader_of,
    thread_links,
)
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.proposals.queries import ProposalView
    from civicvote.domain.rounds.models import Round


@threads.get("")
def show(slug: str, thread_id: int) -> ResponseReturnValue:
    """A page of the thread: behind ``after``, or the one of the newest that shows the comment ``around``."""
    view, round_ = host(thread_id)
    cursor = request.args.get("after")
    if around := comment_named(request.args.get("around")):
        cursor = cursor_before(current_region().id, thread_id, around)
    return render(
        "threads/show.html",
        fragment="threads/_branches.html" if cursor else "threads/_list.html",
        view=view,
        proposal=view.proposal,
        round=round_,
        is_more=bool(cursor),
        chosen=wants_fragment(),
        **head(view),
        **discussion(view, round_, cursor=cursor),
    )


@threads.get("/newer")
def newer(slug: str, thread_id: int) -> ResponseReturnValue:
    """The comments that came after ``since``, for the top of a page that is being read."""
    view, round_ = host(thread_id)
    since = comment_named(request.args.get("since"))
    if since is None or not wants_fragment():
        return see_other(f"{thread_links(view).thread}?order=newest")
    return render(
        "threads/_newer.html",
        branches=branches_since(reader_of(round_), current_region().id, thread_id, since=since),
        newest_key=now_as_key(),
        **context(view, round_),
    )


@threads.get("/comments/<id:comment_id>")
def comment(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    view, round_ = host(thread_id)
    region, reader = current_region(), reader_of(round_)
    found, cursor = comment_in_context(reader, region.id, thread_id, comment_id), request.args.get("after")
    return render(
        "threads/comment.html",
        fragment="threads/_edits.html",
        found=found,
        edits=edits_of(reader.actor, region.id, comment_id, cursor=cursor) if found.comment.edited_at else None,
        cursor=cursor,
        form=_reply_box(view, round_, found.comment),
        **context(view, round_),
    )


def _reply_box(view: "ProposalView", round_: "Round", comment: CommentView) -> object:
    actor = current_actor()
    if actor is None or comment.visibility is not Visibility.VISIBLE or not can_discuss(actor, view, round_):
        return None
    return box_with_draft(actor, view, comment.id).answering(comment.key)


@threads.get("/comments/<id:comment_id>/replies")
def replies(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    """More replies below a comment. Without htmx: on a page of their own, below the comment."""
    view, round_ = host(thread_id)
    region, reader = current_region(), reader_of(round_)
    page = replies_below(reader, region.id, thread_id, comment_id, cursor=request.args.get("after"))
    above = None if wants_fragment() else comment_view(reader, region.id, thread_id, comment_id)
    return render(
        "threads/replies.html",
        fragment="threads/_replies.html",
        above=above,
        parent_key=ids.encode(comment_id),
        listed=page,
        is_more=True,
        **context(view, round_),
    )
