"""Comment, reply, quote, edit, withdraw: plain forms, and parts of the thread's page by htmx."""

from typing import TYPE_CHECKING

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.threads.blueprint import threads
from civicvote.blueprints.threads.hosting import comment_named, context, head, host
from civicvote.domain.proposals.paths import comment_path
from civicvote.domain.proposals.policy import require_supportable
from civicvote.domain.proposals.queries import ProposalView
from civicvote.domain.proposals.services import comment_on_proposal
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.threads.errors import CommentTakenAway
from civicvote.domain.threads.queries import comment_view, own_comment, posted_view
from civicvote.domain.threads.quotation import is_passage_of, plain_text, quotation
from civicvote.domain.threads.services import answerable_comment
from civicvote.domain.threads.services import edit_comment as change_comment
from civicvote.domain.threads.services import withdraw_comment as take_back_comment
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import ids
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.discussion import CommentForm, box_with_draft, discussion, reader_of, thread_links
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round
    from civicvote.domain.threads.models import Comment
    from civicvote.domain.threads.queries_views import CommentView


@threads.post("/comments")
def post_comment(slug: str, thread_id: int) -> ResponseReturnValue:
    view, round_ = host(thread_id)
    form, actor = CommentForm(), signed_in_actor()
    parent_id = comment_named(form.parent.data)
    with form.refusals():
        if form.validate_on_submit():
            throttle.spend(Limit.POSTING, actor.person_id)
            comment = comment_on_proposal(
                actor=actor,
                slug=slug,
                proposal=view.proposal,
                round=round_,
                thread=view.thread,
                body=form.body.data or "",
                stance=Stance(form.stance.data),
                parent_id=parent_id,
            )
            return _posted(view, round_, comment)
    return box_page(view, round_, form, parent_id)


def box_page(
    view: ProposalView, round_: "Round", form: CommentForm, parent_id: int | None = None
) -> ResponseReturnValue:
    """The box, or the one for a reply, as it came: with what is wrong and what was typed."""
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
        **head(view),
        **discussion(view, round_, form=form),
    )


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
        **context(view, round_),
    )


@threads.get("/comments/<id:comment_id>/reply")
def reply(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    """The form of a reply, below what it answers; with ``quote``, it begins with a passage of that."""
    view, round_ = host(thread_id)
    require_supportable(view.proposal)
    require_open(round_, Permission.COMMENT_POST)
    answered = answerable_comment(view.thread, comment_id)
    form = box_with_draft(signed_in_actor(), view, comment_id)
    if "quote" not in request.args:
        return _reply_page(view, round_, form, comment_id)
    shown = comment_view(reader_of(round_), view.thread.region_id, thread_id, comment_id)
    form.body.data = _quoted(slug, answered, shown) + (form.body.data or "")
    return _reply_page(view, round_, form, comment_id, shown)


def _quoted(slug: str, comment: "Comment", shown: "CommentView") -> str:
    """The passage that was selected on the page, if it is one of the comment; otherwise how the comment begins."""
    passage = request.args.get("passage", "").strip()
    text = passage if is_passage_of(passage, plain_text(comment.body_html)) else comment.body
    return quotation(text, shown.author_name, comment_path(slug, comment.thread_id, comment.id))


def _reply_page(
    view: ProposalView,
    round_: "Round",
    form: CommentForm,
    comment_id: int,
    answered: "CommentView | None" = None,
) -> ResponseReturnValue:
    if answered is None:
        answered = comment_view(reader_of(round_), view.thread.region_id, view.thread.id, comment_id)
    return render(
        "threads/reply.html",
        fragment="threads/_reply_form.html",
        in_place=wants_fragment(),
        status=form.status,
        form=form.answering(answered.key),
        answered=answered,
        **context(view, round_),
    )


@threads.route("/comments/<id:comment_id>/edit", methods=["GET", "POST"])
def edit_comment(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    view, round_ = host(thread_id)
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
            return render("threads/_edited.html", edited=edited, **context(view, round_))
    return render(
        "threads/edit.html",
        fragment="threads/_edit_form.html",
        in_place=wants_fragment(),
        status=form.status,
        form=form.editing(key),
        edited=posted_view(reader, comment, actor.name),
        times=reader.times,
        **context(view, round_),
    )


@threads.route("/comments/<id:comment_id>/withdraw", methods=["GET", "POST"])
def withdraw_comment(slug: str, thread_id: int, comment_id: int) -> ResponseReturnValue:
    """Asked once more on a page of its own, since it can't be undone."""
    view, round_ = host(thread_id)
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
        **context(view, round_),
    )
