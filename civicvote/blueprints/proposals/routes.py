"""Proposals: the list of a round, one proposal with its thread, posting, editing, endorsing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.proposals.comparison import steps_of
from civicvote.blueprints.proposals.forms import Listing, ProposalForm
from civicvote.domain.moderation.kinds import SubjectKind
from civicvote.domain.moderation.queries import hiding_of
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import UnknownProposal
from civicvote.domain.proposals.next_step import next_step
from civicvote.domain.proposals.queries import (
    ProposalView,
    count_proposals,
    has_endorsed,
    list_proposals,
    own_proposal,
    proposal_view,
    versions_of,
    visible_proposal,
)
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.domain.proposals.services import (
    edit_proposal,
    submit_proposal,
    withdraw_endorsement,
    withdraw_proposal,
)
from civicvote.domain.proposals.services import (
    endorse as endorse_proposal,
)
from civicvote.domain.proposals.services_files import place_files
from civicvote.domain.proposals.texts import clean_texts
from civicvote.domain.rounds.policy import open_actions, require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import clock
from civicvote.kernel.markup import render as render_text
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility
from civicvote.web import throttle
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.discussion import discussion
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.i18n import localized
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round

proposals = Blueprint("proposals", __name__)


@proposals.get("/regions/<slug>/rounds/<id:round_id>/proposals")
def index(slug: str, round_id: int) -> ResponseReturnValue:
    region, listing = current_region(), Listing(request.args)
    round_ = announced_round(region.id, round_id)
    page = list_proposals(region.id, round_id, sort=listing.sort, wanted=listing.wanted, cursor=listing.cursor)
    context: dict[str, Any] = {
        "round": round_,
        "listing": listing,
        "listed": page,
        "field_names": _field_names(round_),
        "proposals_address": url_for("regions.show", slug=slug) + "/proposals/",
        "next_url": _address(round_id, listing, after=page.next_cursor) if page.next_cursor else None,
    }
    if listing.cursor and wants_fragment():
        return render("proposals/_rows.html", **context)
    total = count_proposals(region.id, round_id, listing.wanted)
    opened = open_actions(round_)
    return render(
        "proposals/index.html",
        fragment="proposals/_results.html",
        total=total,
        can_submit=Permission.PROPOSAL_SUBMIT in opened,
        sorts=[(name, _address(round_id, listing, sort=key), key == listing.sort) for key, name in listing.sorts()],
        first_url=_address(round_id, listing) if listing.cursor else None,
        **context,
    )


def _address(round_id: int, listing: Listing, **changed: Any) -> str:
    return url_for("proposals.index", slug=current_region().slug, round_id=round_id, **listing.address(**changed))


def _field_names(round_: "Round") -> dict[str, str]:
    return {field.key: localized(field, "name") for field in round_.fields}


@proposals.get("/regions/<slug>/proposals/<id:proposal_id>")
def show(slug: str, proposal_id: int) -> ResponseReturnValue:
    region, actor = current_region(), current_actor()
    view = proposal_view(actor, region.id, proposal_id)
    hiding = hiding_of(region.id, SubjectKind.PROPOSAL, proposal_id) if _is_hidden(view) else None
    round_ = announced_round(region.id, view.proposal.round_id)
    if not view.is_readable:
        return render("proposals/taken_away.html", view=view, round=round_, hiding=hiding)
    return render(
        "proposals/show.html",
        view=view,
        proposal=view.proposal,
        round=round_,
        hiding=hiding,
        files=files_of_proposal(region.id, proposal_id),
        field_name=_field_names(round_).get(view.proposal.field_key, ""),
        upcoming=next_step(view.proposal.state, round_.phases, clock.now()),
        can_change=policy.can_change(actor, view.proposal),
        can_edit=policy.can_change(actor, view.proposal) and Permission.PROPOSAL_EDIT in open_actions(round_),
        is_own=policy.is_own(actor, view.proposal),
        **_endorsement(view, round_),
        **discussion(view, round_, cursor=request.args.get("after")),
    )


def _is_hidden(view: ProposalView) -> bool:
    return view.proposal.visibility is Visibility.HIDDEN


def _endorsement(view: ProposalView, round_: "Round") -> dict[str, Any]:
    return {
        "can_endorse": Permission.PROPOSAL_ENDORSE in open_actions(round_),
        "endorsed": has_endorsed(current_actor(), view.proposal.region_id, view.proposal.id),
    }


@proposals.route("/regions/<slug>/rounds/<id:round_id>/proposals/new", methods=["GET", "POST"])
def new(slug: str, round_id: int) -> ResponseReturnValue:
    actor, form = signed_in_actor(), ProposalForm()  # reads files that came along, before the transaction begins
    round_ = announced_round(current_region().id, round_id)
    form.offer_fields_of(round_)
    if request.method != "POST":
        require_open(round_, Permission.PROPOSAL_SUBMIT)

    def submit() -> ResponseReturnValue:
        throttle.spend(Limit.POSTING, actor.person_id)
        proposal = submit_proposal(actor=actor, round=round_, field_key=form.field_key.data, **form.texts())
        form.keep_files(actor)
        place_files(actor=actor, proposal=proposal, files=form.described)
        return _stored(proposal.id, _("Your proposal is posted. Everybody can read and discuss it now."))

    return _form_page("proposals/new.html", form, round_, submit)


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/edit", methods=["GET", "POST"])
def edit(slug: str, proposal_id: int) -> ResponseReturnValue:
    actor, form = signed_in_actor(), ProposalForm()
    proposal = own_proposal(actor, current_region().id, proposal_id)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    form.offer_fields_of(round_)
    if request.method != "POST":
        policy.require_change(actor, proposal)
        require_open(round_, Permission.PROPOSAL_EDIT)
        form.filled_from(proposal, files_of_proposal(proposal.region_id, proposal_id))

    def submit() -> ResponseReturnValue:
        field = form.field_key.data
        edit_proposal(actor=actor, proposal=proposal, based_on=form.based_on, field_key=field, **form.texts())
        form.keep_files(actor)
        place_files(actor=actor, proposal=proposal, files=form.described)
        return _stored(proposal.id, _("Your changes are stored. Earlier versions stay readable."))

    return _form_page("proposals/edit.html", form, round_, submit, proposal=proposal)


def _preview(form: ProposalForm, round_: "Round") -> dict[str, Any]:
    """What readers would see. Raises what the domain refuses about the texts and files."""
    texts = clean_texts(**form.texts())
    form.keep_files(signed_in_actor())
    return {
        "texts": texts,
        "files": form.attachments,
        "body_html": render_text(texts.body),
        "field_name": _field_names(round_).get(form.field_key.data, ""),
    }


def _form_page(
    page: str, form: ProposalForm, round_: "Round", submit: Callable[[], ResponseReturnValue], **context: Any
) -> ResponseReturnValue:
    """Do what the pressed button asks (keep files, preview, submit); whatever is refused comes back with its form."""
    preview = None
    if form.wants_files_only:
        form.attach_only(signed_in_actor())
    elif form.validate_on_submit():
        with form.refusals():
            if request.form.get("step") != "preview":
                return submit()
            preview = _preview(form, round_)
    form.tell_what_was_lost()
    return render(
        page,
        fragment="proposals/_form.html",
        status=form.status,
        form=form,
        round=round_,
        preview=preview,
        action=request.path if not request.script_root else request.script_root + request.path,
        **context,
    )


def _stored(proposal_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return see_other(url_for("proposals.show", slug=current_region().slug, proposal_id=proposal_id))


@proposals.get("/regions/<slug>/proposals/<id:proposal_id>/versions")
def versions(slug: str, proposal_id: int) -> ResponseReturnValue:
    region = current_region()
    proposal = visible_proposal(current_actor(), region.id, proposal_id)
    round_ = announced_round(region.id, proposal.round_id)
    steps = steps_of(proposal, versions_of(region.id, proposal_id))
    return render("proposals/versions.html", proposal=proposal, round=round_, steps=steps)


@proposals.post("/regions/<slug>/proposals/<id:proposal_id>/endorse")
def endorse(slug: str, proposal_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    view = proposal_view(actor, region.id, proposal_id)
    if not view.is_readable:
        raise UnknownProposal
    wish = endorse_proposal if request.form.get("wish") == "endorse" else withdraw_endorsement
    wish(actor=actor, proposal=view.proposal)
    if not wants_fragment():
        return see_other(url_for("proposals.show", slug=slug, proposal_id=proposal_id) + "#endorsement")
    round_ = announced_round(region.id, view.proposal.round_id)
    return render("proposals/_endorsement.html", proposal=view.proposal, changed=True, **_endorsement(view, round_))


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, proposal_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    proposal = own_proposal(actor, region.id, proposal_id)
    if request.method == "POST":
        withdraw_proposal(actor=actor, proposal=proposal)
        return _stored(proposal_id, _("Your proposal is withdrawn."))
    policy.require_change(actor, proposal)
    return render("proposals/withdraw.html", proposal=proposal, round=announced_round(region.id, proposal.round_id))
