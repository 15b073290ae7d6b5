"""What a page with a thread on it needs: the same for a proposal's page and for the thread's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField

from civicvote.domain.moderation.kinds import SubjectKind
from civicvote.domain.proposals.discussion import edit_times
from civicvote.domain.proposals.queries import ProposalView
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.threads.ordering import CommentOrder
from civicvote.domain.threads.queries_drafts import draft_of
from civicvote.domain.threads.queries_pages import branches
from civicvote.domain.threads.queries_views import Reader
from civicvote.domain.threads.rating import ENOUGH_RATINGS, Rating
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Permission, Role
from civicvote.kernel.visibility import Visibility
from civicvote.web.auth import current_actor
from civicvote.web.forms import Form
from civicvote.web.labels import LABELS, label
from civicvote.web.opinion_quotes import quoted_statement
from civicvote.web.scope import current_region


class CommentForm(Form):
    """A comment or, with ``parent``, a reply."""

    stance = RadioField(
        _l("Your position"),
        choices=[SelectChoice(stance.value, text) for stance, text in LABELS[Stance].items()],
        default=Stance.NEUTRAL.value,
    )
    body = TextAreaField(_l("Your comment"))
    parent = HiddenField()
    #: When the text in the box was kept as a draft; None where it was not.
    saved_at: datetime | None = None

    def answering(self, key: str) -> "CommentForm":
        """The form of a reply: ids of its own, since the page may hold several."""
        self.parent.data = key
        for field in self:
            field.id = f"{field.id}-{key}"
        self.body.label.text = _l("Your reply")
        self.body.label.field_id = self.body.id
        return self

    def editing(self, key: str) -> "CommentForm":
        """The form by which a comment is changed."""
        self.body.id = self.body.label.field_id = f"body-{key}"
        return self


@dataclass(frozen=True, slots=True)
class ThreadLinks:
    """Beginnings of addresses, made once a page instead of once a comment. ``news`` lacks the comment to count from."""

    thread: str
    comments: str
    ratings: str
    draft: str
    news: str
    report: str
    proposal: str


def thread_links(view: ProposalView) -> ThreadLinks:
    region = current_region()
    thread = url_for("threads.show", slug=region.slug, thread_id=view.thread.id)
    report = url_for("moderation.report", slug=region.slug, kind=SubjectKind.COMMENT.value, subject_id=0)
    return ThreadLinks(
        thread=thread,
        comments=f"{thread}/comments/",
        ratings=f"{thread}/ratings",
        draft=f"{thread}/draft",
        news=url_for("thread_news.news", region_id=region.id, thread_id=view.thread.id) + "?since=",
        report=report.removesuffix(ids.encode(0)),
        proposal=url_for("proposals.show", slug=region.slug, proposal_id=view.proposal.id),
    )


def reader_of(round_: Round) -> Reader:
    """Whoever asks, with the edit times of the round."""
    return Reader(current_actor(), edit_times(round_.rules))


def can_discuss(actor: Actor | None, view: ProposalView, round_: Round) -> bool:
    """Whether a writing box makes sense."""
    return _is_open(actor, view, round_, Permission.COMMENT_POST)


def can_rate(actor: Actor | None, view: ProposalView, round_: Round) -> bool:
    """Whether the buttons that rate comments make sense."""
    return _is_open(actor, view, round_, Permission.COMMENT_RATE)


def _is_open(actor: Actor | None, view: ProposalView, round_: Round, permission: Permission) -> bool:
    proposal = view.proposal
    return (
        actor is not None
        and proposal.visibility is Visibility.VISIBLE
        and proposal.state is not ProposalState.MERGED
        and permission in open_actions(round_)
    )


def order_asked_for() -> CommentOrder:
    """The order that the address names; the usual one where it names none that there is."""
    try:
        return CommentOrder(request.args.get("order", ""))
    except ValueError:
        return CommentOrder.HELPFUL


def now_as_key() -> str:
    """A comment's key as one posted right now would have it: what is newer came after this page was made."""
    return ids.encode(ids.id_of_moment(clock.now(), 0))


def words_of_comments() -> dict[str, Any]:
    """The words for stances, roles and ratings, looked up once a page."""
    return {
        "stance_words": {stance: label(stance) for stance in Stance},
        "role_words": {role.value: label(role) for role in Role},
        "rating_words": {rating: label(rating) for rating in Rating},
    }


def box_with_draft(actor: Actor, view: ProposalView, parent_id: int = 0) -> CommentForm:
    """The writing box (or a reply's, below ``parent_id``) with what the actor began to write, if anything."""
    draft = draft_of(actor, view.thread.region_id, view.thread.id, parent_id)
    form = CommentForm(body=draft.body, stance=draft.stance.value) if draft else CommentForm()
    form.saved_at = draft.saved_at if draft else None
    return form


def discussion(view: ProposalView, round_: Round, *, cursor: str | None = None, form: Any = None) -> dict[str, Any]:
    """The template's context for a page of the thread, in the order that the address names."""
    actor, region, order = current_actor(), current_region(), order_asked_for()
    if form is None and actor is not None and cursor is None and can_discuss(actor, view, round_):
        form = box_with_draft(actor, view)
        form.body.data = quoted_statement() + (form.body.data or "")
    return {
        "thread": view.thread,
        "links": thread_links(view),
        "branches": branches(reader_of(round_), region.id, view.thread.id, order=order, cursor=cursor),
        "order": order,
        "orders": [(each, label(each)) for each in CommentOrder],
        "usual_order": CommentOrder.HELPFUL,
        "enough_ratings": ENOUGH_RATINGS,
        "newest_key": now_as_key(),
        "can_comment": can_discuss(actor, view, round_),
        "can_rate": can_rate(actor, view, round_),
        "comment_form": form,
        **words_of_comments(),
    }
