"""Drafts: kept while somebody writes, continued and discarded from My page."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.blueprints.proposals.forms import ProposalForm
from civicvote.domain.proposals.drafting import DRAFTS_KEPT, TypedDraft
from civicvote.domain.proposals.queries_drafts import files_of_draft, next_taking, own_draft
from civicvote.domain.proposals.services_drafts import (
    SavedDraft,
    discard_draft,
    end_submitted_draft,
    move_draft,
    save_draft,
)
from civicvote.domain.proposals.writing_times import changeable_until, voted_on_from
from civicvote.domain.rounds.policy import is_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.uploads.rules import Described
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Permission
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.messages import sentence
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit
from civicvote.web.uploads import Attachment

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import ProposalDraft
    from civicvote.domain.rounds.models import Round

_WRITER = re.compile(r"[A-Za-z0-9_-]{8,32}")


@dataclass(slots=True)
class DraftState:
    """What a form knows of its draft, in hidden fields: the page's random name, the draft, its last known save.

    ``notes``: sentences beside the fields that could not be stored; ``told``: the fields whose note was read out."""

    writer: str
    key: str = ""
    revision: int = 0
    told: str = ""
    saved_at: datetime | None = None
    is_apart: bool = False
    is_first: bool = False
    problem: str = ""
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def noted(self) -> str:
        """The fields with a note, as the next request brings them back in ``told``; ``!``: nothing was kept."""
        return ",".join([*sorted(self.notes), *(["!"] if self.problem else [])])

    @property
    def is_news(self) -> bool:
        """Whether a screen reader says it: the first save, and once whatever is not as it should be."""
        return self.is_first or self.is_apart or (bool(self.noted) and self.noted != self.told)


class Drafting:
    """The draft behind the form of a new proposal."""

    def __init__(self, form: ProposalForm, round_: "Round") -> None:
        self.form, self.round = form, round_
        typed = request.form if request.method == "POST" else {}
        writer, revision = typed.get("writer", ""), typed.get("draft_revision", "")
        self.state = DraftState(
            writer=writer if _WRITER.fullmatch(writer) else secrets.token_urlsafe(12),
            key=typed.get("draft", "")[:16],
            revision=int(revision) if re.fullmatch(r"[0-9]{1,9}", revision) else 0,
            told=typed.get("draft_told", "")[:80],
        )

    @property
    def address(self) -> str:
        """Where the form saves itself."""
        return url_for("proposals.autosave", slug=current_region().slug, round_id=self.round.id)

    def open(self, draft: "ProposalDraft") -> None:
        """Show this one, which was saved before."""
        self.state.key, self.state.revision = ids.encode(draft.id), draft.revision
        self.state.saved_at = draft.saved_at

    def save(self) -> SavedDraft:
        """Keep what stands in the form, and know it from now on. Raises ``TooManyDrafts``."""
        saved = save_draft(actor=signed_in_actor(), round=self.round, typed=self._typed())
        self.state.is_apart, self.state.is_first = saved.is_apart, saved.is_first
        self.state.notes = {name: sentence(refusal) for name, refusal in saved.refused.items()}
        if saved.draft is not None:
            self.open(saved.draft)
        return saved

    def end(self) -> None:
        """The proposal stands: its draft goes."""
        end_submitted_draft(actor=signed_in_actor(), round=self.round, typed=self._typed())

    def _typed(self) -> TypedDraft:
        known, spot = {entry.key for entry in self.round.fields}, self.form.readable_spot()
        return TypedDraft(
            texts=self.form.texts(),
            field_key=self.form.field_key.data if self.form.field_key.data in known else "",
            files=tuple(Described(each.upload.id, each.caption) for each in self.form.attachments),
            writer=self.state.writer,
            draft_id=_number(self.state.key),
            revision=self.state.revision,
            district_code=spot.district_code,
            latitude_e6=spot.latitude_e6,
            longitude_e6=spot.longitude_e6,
        )


def _number(key: str) -> int | None:
    try:
        return ids.decode(key) if key else None
    except ValueError:
        return None


def draft_address(draft: "ProposalDraft") -> str:
    return url_for("proposals.draft", slug=current_region().slug, draft_id=draft.id)


@proposals.post("/regions/<slug>/rounds/<id:round_id>/proposals/draft")
def autosave(slug: str, round_id: int) -> ResponseReturnValue:
    """What the form sends by itself some seconds after typing stops; the answer is a line and hidden fields."""
    actor, form = signed_in_actor(), ProposalForm()
    drafting = Drafting(form.offer_fields_of(round_ := announced_round(current_region().id, round_id)), round_)
    saved = None
    with form.refusals():
        throttle.spend(Limit.DRAFT, actor.person_id)
        saved = drafting.save()
    drafting.state.problem = " ".join(map(str, form.form_errors))
    if wants_fragment():
        return render("proposals/_draft_saved.html", status=form.status, drafting=drafting, is_answer=True)
    if saved is None or saved.draft is None:
        flash(drafting.state.problem or _("There was nothing to keep yet."), "warning")
        return see_other(url_for("proposals.new", slug=slug, round_id=round_id))
    return see_other(draft_address(saved.draft))


@proposals.get("/regions/<slug>/drafts/<id:draft_id>")
def draft(slug: str, draft_id: int) -> ResponseReturnValue:
    """Go on writing, whatever the phase."""
    actor, form = signed_in_actor(), ProposalForm()
    mine = own_draft(actor, current_region().id, draft_id)
    round_ = announced_round(mine.region_id, mine.round_id)
    form.offer_fields_of(round_).continued_from(mine)
    files = files_of_draft(actor, mine)
    form.carry([Attachment(upload, caption) for upload, caption in files])
    drafting = Drafting(form, round_)
    drafting.open(mine)
    form.offer_places()
    return render(
        "proposals/new.html",
        form=form,
        round=round_,
        drafting=drafting,
        draft=mine,
        **prospects(round_),
        lost_files=len(mine.files) - len(files),
        preview=None,
        action=url_for("proposals.new", slug=slug, round_id=round_.id),
        **taking(round_),
    )


def prospects(round_: "Round") -> dict[str, Any]:
    """What becomes of a proposal once it is submitted."""
    now = clock.now()
    return {
        "changeable_until": changeable_until(round_.phases, now),
        "voted_on_from": voted_on_from(round_.phases, now),
    }


def taking(round_: "Round") -> dict[str, Any]:
    """Whether the round takes proposals now, and if not, where and when they are taken next."""
    opened = is_open(round_, Permission.PROPOSAL_SUBMIT)
    coming = None if opened else next_taking(round_.region_id)
    return {"is_taking": opened, "next_taking": coming, "kept_days": DRAFTS_KEPT.days}


@proposals.route("/regions/<slug>/drafts/<id:draft_id>/discard", methods=["GET", "POST"])
def discard(slug: str, draft_id: int) -> ResponseReturnValue:
    mine = own_draft(signed_in_actor(), current_region().id, draft_id)
    if request.method == "POST":
        discard_draft(draft=mine)
        flash(_("The draft is gone."), "success")
        return see_other(url_for("accounts.me") + "#my-drafts")
    return render("proposals/discard_draft.html", draft=mine)


@proposals.post("/regions/<slug>/drafts/<id:draft_id>/move")
def move(slug: str, draft_id: int) -> ResponseReturnValue:
    """Write it for the round that takes proposals now."""
    actor, region = signed_in_actor(), current_region()
    mine, found = own_draft(actor, region.id, draft_id), next_taking(region.id)
    if found is not None:
        move_draft(actor=actor, draft=mine, round=found.round)
        flash(_("The draft belongs to this round now. Look whether the field still fits."), "success")
    return see_other(draft_address(mine))
