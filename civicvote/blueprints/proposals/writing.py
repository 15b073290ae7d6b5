"""Writing: a new proposal, and changes of one, with a preview."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.proposals.answers import field_names, stored
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.blueprints.proposals.drafts import Drafting, draft_address, prospects, taking
from civicvote.blueprints.proposals.forms import ProposalForm
from civicvote.blueprints.proposals.places import place_of_form
from civicvote.blueprints.proposals.similar import similar_before_submitting
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import AlreadyPosted, TooManyDrafts
from civicvote.domain.proposals.queries_authors import editable_proposal
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.domain.proposals.services import edit_proposal, submit_proposal
from civicvote.domain.proposals.services_files import place_files
from civicvote.domain.proposals.texts import clean_texts
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.markup import render as render_text
from civicvote.kernel.permissions import Permission
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.messages import sentence
from civicvote.web.opinion_quotes import quoted_statement
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round


@proposals.route("/regions/<slug>/rounds/<id:round_id>/proposals/new", methods=["GET", "POST"])
def new(slug: str, round_id: int) -> ResponseReturnValue:
    actor, form = signed_in_actor(), ProposalForm()  # reads files that came along, before the transaction begins
    round_ = announced_round(current_region().id, round_id)
    form.offer_fields_of(round_)
    if request.method != "POST":
        require_open(round_, Permission.PROPOSAL_SUBMIT)
    drafting = Drafting(form, round_)

    def submit() -> ResponseReturnValue:
        throttle.spend(Limit.POSTING, actor.person_id)
        given = {"field_key": form.field_key.data, "spot": form.spot(), **form.texts()}
        try:
            proposal = submit_proposal(actor=actor, round=round_, **given)
        except AlreadyPosted as refusal:
            return stored(refusal.proposal_id, sentence(refusal))
        form.keep_files(actor)
        place_files(actor=actor, proposal=proposal, files=form.described)
        drafting.end()
        return stored(proposal.id, _("Your proposal is posted. Everybody can read and discuss it now."))

    return _form_page("proposals/new.html", form, round_, submit, drafting=drafting, **taking(round_))


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/edit", methods=["GET", "POST"])
def edit(slug: str, proposal_id: int) -> ResponseReturnValue:
    actor, form = signed_in_actor(), ProposalForm()
    proposal = editable_proposal(actor, current_region().id, proposal_id)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    form.offer_fields_of(round_).standing(proposal, files_of_proposal(proposal.region_id, proposal_id))
    if request.method != "POST":
        policy.require_unsettled(proposal)
        require_open(round_, Permission.PROPOSAL_EDIT)
        form.filled_from(proposal)
        if quoted := quoted_statement():
            form.body.data = f"{form.body.data}\n\n{quoted}"

    def submit() -> ResponseReturnValue:
        given = {"field_key": form.field_key.data, "spot": form.spot(), **form.texts()}
        form.keep_files(actor)
        edit_proposal(actor=actor, proposal=proposal, based_on=form.based_on, files=form.described, **given)
        return stored(proposal.id, _("Your changes are stored. Earlier versions stay readable."))

    return _form_page("proposals/edit.html", form, round_, submit, proposal=proposal)


def _preview(form: ProposalForm, round_: "Round") -> dict[str, Any]:
    """What readers would see. Raises what the domain refuses about the texts and files."""
    texts = clean_texts(**form.texts())
    form.keep_files(signed_in_actor())
    return {
        "texts": texts,
        "files": form.attachments,
        "body_html": render_text(texts.body),
        "field_name": field_names(round_).get(form.field_key.data, ""),
        **place_of_form(form),
    }


def _form_page(
    page: str,
    form: ProposalForm,
    round_: "Round",
    submit: Callable[[], ResponseReturnValue],
    drafting: Drafting | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """Do what the pressed button asks (keep files, keep a draft, preview, submit); whatever is refused comes back with
    its form."""
    preview, alike, step = None, [], request.form.get("step")
    if form.wants_files_only:
        form.attach_only(signed_in_actor())
        _keep(form, drafting)
    elif step == "draft" and drafting is not None and request.method == "POST":
        if (kept := _keep_as_draft(form, drafting)) is not None:
            return kept
    elif form.validate_on_submit():
        with form.refusals():
            alike = similar_before_submitting(form, round_) if drafting else []
            if step != "preview" and not alike:
                return submit()
            preview = _preview(form, round_)
            _keep(form, drafting)
    form.tell_what_was_lost()
    form.offer_places()
    return render(
        page,
        fragment="proposals/_form.html",
        status=form.status,
        form=form,
        round=round_,
        preview=preview,
        alike=alike,
        drafting=drafting,
        action=request.path if not request.script_root else request.script_root + request.path,
        **prospects(round_),
        **context,
    )


def _keep(form: ProposalForm, drafting: Drafting | None) -> None:
    """Keep the draft beside what was asked for; where it can't be kept, the page says so and goes on."""
    if drafting is None or form.errors:
        return
    try:
        drafting.save()
    except TooManyDrafts as refusal:
        drafting.state.problem = sentence(refusal)


def _keep_as_draft(form: ProposalForm, drafting: Drafting) -> ResponseReturnValue | None:
    """What the button asks for: keep everything and say where it is found. None where not all of it could be kept: the
    form comes back and says so."""
    form.files.errors = list(form.files.process_errors)
    if form.files.errors:
        return None
    with form.refusals():
        form.keep_files(signed_in_actor())
        saved = drafting.save()
        if saved.draft is not None and not saved.refused:
            flash(_("The draft is kept. Only you can see it; you find it on My page."), "success")
            return see_other(draft_address(saved.draft))
        if saved.draft is None and not saved.refused:
            form.form_errors.append(_("There was nothing to keep yet."))
    return None
