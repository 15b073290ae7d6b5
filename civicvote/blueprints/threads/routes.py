"""Threads: comments, replies, permalinks; each works alone, and as a part of the proposal's page by htmx."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.domain.proposals.errors import DiscussionTakenAway
from civicvote.domain.proposals.policy import require_visible
from civicvote.domain.proposals.queries import ProposalView, proposal_of_thread
from civicvote.domain.proposals.services import comment_on_proposal
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.threads.errors import CommentTakenAway, UnknownComment
from civicvote.domain.threads.queries import (
    CommentView,
    comment_in_context,
    comment_view,
    edits_of,
    own_comment,
    posted_view,
    replies_below,
)
from civicvote.domain.threads.services import (
    answerable_comment,
)
from civicvote.domain.threads.services import (
    edit_comment as change_comment,
)
from civicvote.domain.threads.services import (
    withdraw_comment as take_back_comment,
)
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import ids
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility
from civicvote.web import throttle
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.discussion import (
    CommentForm,
    can_discuss,
    discussion,
    reader_of,
    thread_links,
    words_of_comments,
)
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round
    from civicvote.domain.threads.models import Comment

threads = Blueprint("threads", __name__, url_prefix="/regions/<slug>/threads/<id:thread_id>")


def _host(thread_id: int) -> tuple[ProposalView, "Round"]:
    """The proposal that the thread is about, and its round. Raises ``DiscussionTakenAway`` where it can't be read."""
    region = current_region()
    view = proposal_of_thread(current_actor(), region.id, thread_id)
    if not view.is_readable:
        raise DiscussionTakenAway
    return view, announced_round(region.id, view.proposal.round_id)


def _context(view: ProposalView, round_: "Round") -> dict[str, Any]:
    return {
        "view": view,
        "proposal": view.proposal,
        "thread": view.thread,
        "round": round_,
        "links": thread_links(view),
        "can_comment": can_discuss(current_actor(), view, round_),
        **words_of_comments(),
    }


@threads.get("")
def show(slug: str, thread_id: int) -> ResponseReturnValue:
    view, round_ = _host(thread_id)
    cursor = request.args.get("after")
    return render(
        "threads/show.html",
        fragment="threads/_branches.html" if cursor else None,
        view=view,
        proposal=view.proposal,
        round=round_,
        is_more=bool(cursor),
        **discussion(view, round_, cursor=cursor),
    )


@threads.post("/comments")
def post_comment(slug: str, thread_id: int) -> ResponseReturnValue:
    view, round_ = _host(thread_id)
    form = CommentForm()
    parent_id = _parent_id(form)
    with form.refusals():
        if form.validate_on_submit():
            throttle.spend(Limit.POSTING, signed_in_actor().person_id)
            comment = comment_on_proposal(
                actor=signed_in_actor(),
                slug=slug,
                proposal=view.proposal,
                thread=view.thread,
                body=form.body.data or "",
                stance=Stance(form.stance.data),
                parent_id=parent_id,
            )
            return _posted(view, round_, comment)
    if parent_id is not None:
        return _reply_page(view, round_, form, parent_id)
    return render(
        "threads/show.html",
        fragment="threads/_form.html",
        status=form.status,
        view=view,
        proposal=view.proposal,
        round=round_,
        form=form,
        **discussion(view, round_, form=form),
    )


def _parent_id(form: CommentForm) -> int | None:
    """The comment that is answered. Raises ``UnknownComment`` for what is no id."""
    key = form.parent.data
    if not key:
        return None
    try:
        return ids.decode(key)
    except ValueError:
        raise UnknownComment from None


def _posted(view: ProposalView, round_: "Round", comment: "Comment") -> ResponseReturnValue:
    key = ids.encode(comment.id)
    if not wants_fragment():
        return see_other(f"{thread_links(view).comments}{key}#c-{key}")
    fresh = CommentForm(formdata=None)
    return render(
        "threads/_posted.html",
        comment_form=fresh,
        posted=posted_view(reader_of(round_), comment, signed_in_actor().name),
        parent_key=ids.encode(comment.parent_id) if comment.parent_id else "",
        parent_is_root=comment.depth == 1,
        **_context(view, round_),
    )


@threads.get("/comments/<id:comment_id>")
def comment(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    view, round_ = _host(thread_id)
    region, reader = current_region(), reader_of(round_)
    found = comment_in_context(reader, region.id, thread_id, comment_id)
    return render(
        "threads/comment.html",
        found=found,
        edits=edits_of(reader.actor, region.id, comment_id) if found.comment.edited_at else [],
        form=CommentForm().answering(found.comment.key) if _is_answerable(view, round_, found.comment) else None,
        **_context(view, round_),
    )


def _is_answerable(view: ProposalView, round_: "Round", comment: CommentView) -> bool:
    return can_discuss(current_actor(), view, round_) and comment.visibility is Visibility.VISIBLE


@threads.get("/comments/<id:comment_id>/replies")
def replies(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    """More replies below a comment. Without htmx: on a page of their own, below the comment."""
    view, round_ = _host(thread_id)
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
        **_context(view, round_),
    )


@threads.get("/comments/<id:comment_id>/reply")
def reply(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    """The form of a reply, below what it answers."""
    view, round_ = _host(thread_id)
    require_visible(view.proposal)
    require_open(round_, Permission.COMMENT_POST)
    answerable_comment(view.thread, comment_id)
    return _reply_page(view, round_, CommentForm(), comment_id)


def _reply_page(view: ProposalView, round_: "Round", form: CommentForm, comment_id: int) -> ResponseReturnValue:
    answered = comment_view(reader_of(round_), view.thread.region_id, view.thread.id, comment_id)
    return render(
        "threads/reply.html",
        fragment="threads/_reply_form.html",
        in_place=wants_fragment(),
        status=form.status,
        form=form.answering(answered.key),
        answered=answered,
        **_context(view, round_),
    )


@threads.route("/comments/<id:comment_id>/edit", methods=["GET", "POST"])
def edit_comment(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    view, round_ = _host(thread_id)
    actor, reader = signed_in_actor(), reader_of(round_)
    comment = own_comment(actor, current_region().id, thread_id, comment_id)
    key = ids.encode(comment_id)
    form = CommentForm(body=comment.body)
    require_open(round_, Permission.COMMENT_EDIT)
    with form.refusals():
        if form.validate_on_submit():
            change_comment(actor=actor, comment=comment, body=form.body.data or "", times=reader.times)
            if not wants_fragment():
                flash(_("Your comment is changed."), "success")
                return see_other(f"{thread_links(view).comments}{key}#c-{key}")
            edited = posted_view(reader, comment, actor.name)
            return render("threads/_edited.html", edited=edited, **_context(view, round_))
    return render(
        "threads/edit.html",
        fragment="threads/_edit_form.html",
        in_place=wants_fragment(),
        status=form.status,
        form=form.editing(key),
        edited=posted_view(reader, comment, actor.name),
        times=reader.times,
        **_context(view, round_),
    )


@threads.route("/comments/<id:comment_id>/withdraw", methods=["GET", "POST"])
def withdraw_comment(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    """Asked once more on a page of its own, since it can't be undone."""
    view, round_ = _host(thread_id)
    actor, key = signed_in_actor(), ids.encode(comment_id)
    comment = own_comment(actor, current_region().id, thread_id, comment_id)
    if request.method == "POST":
        take_back_comment(actor=actor, comment=comment)
        flash(_("Your comment is withdrawn."), "success")
        return see_other(f"{thread_links(view).comments}{key}#c-{key}")
    if comment.visibility is not Visibility.VISIBLE:
        raise CommentTakenAway
    return render(
        "threads/withdraw.html",
        withdrawn=posted_view(reader_of(round_), comment, actor.name),
        **_context(view, round_),
    )
