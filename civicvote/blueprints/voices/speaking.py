"""Speaking by one's role: publish, edit, no longer uphold, fix a forum. Each page first, then the act."""

from typing import TYPE_CHECKING, Any

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.voices.blueprint import voices
from civicvote.blueprints.voices.forms import ForumForm, VoiceForm, WithdrawalForm
from civicvote.blueprints.voices.pages import readable
from civicvote.domain.accounts.queries_roles import department_of
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.proposals.queries_ladder import reached_forum
from civicvote.domain.proposals.services_ladder import fix_forum
from civicvote.domain.voices.errors import VoiceWithdrawn
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.policy import require_change, require_voice
from civicvote.domain.voices.services import edit_voice, publish_voice, withdraw_voice
from civicvote.domain.voices.texts import clean_voice
from civicvote.kernel.actor import can
from civicvote.kernel.markup import render as render_text
from civicvote.kernel.permissions import Permission
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.labels import label
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal


@voices.route("/regions/<slug>/proposals/<id:proposal_id>/voices/new/<kind>", methods=["GET", "POST"])
def publish(slug: str, proposal_id: int, kind: str) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    speaks_as = VoiceKind(kind) if kind in set(VoiceKind) else abort(404)
    role = require_voice(actor, speaks_as, region.id)
    proposal = visible_proposal(actor, region.id, proposal_id)
    form = VoiceForm().of_kind(speaks_as, is_mayors=can(actor, Permission.VOICE_MAYOR, region.id))
    if not form.is_submitted() and "office" in form:
        form.office.data = department_of(actor.person_id, region.id)
    preview = None
    if form.validate_on_submit():
        with form.refusals():
            preview = _preview(form, speaks_as)
            if not preview:
                throttle.spend(Limit.POSTING, actor.person_id)
                mayors = form.speaks_for_mayor
                publish_voice(actor=actor, proposal=proposal, kind=speaks_as, texts=form.texts(), is_mayors=mayors)
                return _told(
                    proposal, _("Published and signed with your name. Those who follow the proposal were told.")
                )
    return _form_page(form, proposal, speaks_as, preview, signs=[(actor.name, label(role))])


def _preview(form: VoiceForm, kind: VoiceKind) -> dict[str, Any] | None:
    """What readers would see, if that is asked for. Raises what the domain refuses about the texts."""
    if request.form.get("step") != "preview":
        return None
    texts = clean_voice(kind, form.texts())
    return {"texts": texts, "body_html": render_text(texts.body)}


def _form_page(
    form: VoiceForm, proposal: "Proposal", kind: VoiceKind, preview: dict[str, Any] | None, **context: Any
) -> ResponseReturnValue:
    return render(
        "voices/form.html",
        fragment="voices/_form.html",
        status=form.status,
        form=form,
        proposal=proposal,
        kind=kind,
        preview=preview,
        **{"voice": None, **context},
    )


def _told(proposal: "Proposal", message: str) -> ResponseReturnValue:
    flash(message, "success")
    return see_other(url_for("proposals.show", slug=current_region().slug, proposal_id=proposal.id))


@voices.route("/regions/<slug>/voices/<id:voice_id>/edit", methods=["GET", "POST"])
def edit(slug: str, voice_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    view, proposal = readable(voice_id)
    voice = view.voice
    role = require_change(actor, voice)
    form, preview = VoiceForm().of_kind(voice.kind), None
    if not form.is_submitted():
        if not view.is_upheld:
            raise VoiceWithdrawn
        form.filled_from(voice)
    if form.validate_on_submit():
        with form.refusals():
            preview = _preview(form, voice.kind)
            if not preview:
                edit_voice(actor=actor, proposal=proposal, voice=voice, based_on=form.based_on, texts=form.texts())
                return _told(proposal, _("Your changes are stored. The earlier wording stays readable."))
    signs = [(view.author_name, label(voice.author_role))]
    if actor.person_id != voice.author_id:
        signs.append((actor.name, label(role)))
    return _form_page(form, proposal, voice.kind, preview, signs=signs, voice=voice)


@voices.route("/regions/<slug>/voices/<id:voice_id>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, voice_id: int) -> ResponseReturnValue:
    actor, form = signed_in_actor(), WithdrawalForm()
    view, proposal = readable(voice_id)
    require_change(actor, view.voice)
    if not view.is_upheld and not form.is_submitted():
        raise VoiceWithdrawn
    if form.validate_on_submit():
        with form.refusals():
            withdraw_voice(actor=actor, proposal=proposal, voice=view.voice, reason=form.reason.data)
            return _told(proposal, _("It is marked as no longer upheld. It stays readable, with your reason."))
    return render("voices/withdraw.html", status=form.status, form=form, view=view, proposal=proposal)


@voices.route("/regions/<slug>/proposals/<id:proposal_id>/forum", methods=["GET", "POST"])
def forum(slug: str, proposal_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    proposal = visible_proposal(actor, region.id, proposal_id)
    step = reached_forum(region.id, proposal_id)
    form = ForumForm(data={"held_on": step.held_on, "place": step.place, "note": step.note})
    if form.validate_on_submit():
        with form.refusals():
            texts = {"place": form.place.data or "", "note": form.note.data or ""}
            fix_forum(actor=actor, proposal=proposal, held_on=form.held_on.data, **texts)
            return _told(proposal, _("The forum stands on the proposal's page. Those who follow it were told."))
    return render("voices/forum.html", status=form.status, form=form, proposal=proposal, step=step)
