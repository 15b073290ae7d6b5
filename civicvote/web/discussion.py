"""What a page with a thread on it needs: the same for a proposal's page and for the thread's own."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField

from civicvote.domain.moderation.kinds import SubjectKind
from civicvote.domain.proposals.discussion import edit_times
from civicvote.domain.proposals.queries import ProposalView
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.threads.queries import Reader, branches
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Permission, Role
from civicvote.kernel.visibility import Visibility
from civicvote.web.auth import current_actor
from civicvote.web.forms import Form
from civicvote.web.labels import LABELS, label
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
    """Beginnings of addresses, made once a page instead of once a comment."""

    thread: str
    comments: str
    report: str
    proposal: str


def thread_links(view: ProposalView) -> ThreadLinks:
    region = current_region()
    thread = url_for("threads.show", slug=region.slug, thread_id=view.thread.id)
    report = url_for("moderation.report", slug=region.slug, kind=SubjectKind.COMMENT.value, subject_id=0)
    return ThreadLinks(
        thread=thread,
        comments=f"{thread}/comments/",
        report=report.removesuffix(ids.encode(0)),
        proposal=url_for("proposals.show", slug=region.slug, proposal_id=view.proposal.id),
    )


def reader_of(round_: Round) -> Reader:
    """Whoever asks, with the edit times of the round."""
    return Reader(current_actor(), edit_times(round_.rules))


def can_discuss(actor: Actor | None, view: ProposalView, round_: Round) -> bool:
    """Whether a writing box makes sense."""
    return (
        actor is not None
        and view.proposal.visibility is Visibility.VISIBLE
        and Permission.COMMENT_POST in open_actions(round_)
    )


def words_of_comments() -> dict[str, Any]:
    """The words for stances and roles, looked up once a page."""
    return {
        "stance_words": {stance: label(stance) for stance in Stance},
        "role_words": {role.value: label(role) for role in Role},
    }


def discussion(view: ProposalView, round_: Round, *, cursor: str | None = None, form: Any = None) -> dict[str, Any]:
    """The template's context for a page of the thread."""
    actor, region = current_actor(), current_region()
    writable = can_discuss(actor, view, round_)
    return {
        "thread": view.thread,
        "links": thread_links(view),
        "branches": branches(reader_of(round_), region.id, view.thread.id, cursor=cursor),
        "can_comment": writable,
        "comment_form": (form or CommentForm()) if writable or form else None,
        **words_of_comments(),
    }
