"""Who signs a proposal: inviting, answering, leaving, taking back."""

from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from civicvote.blueprints.proposals.answers import field_names, stored
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import UnknownInvitation
from civicvote.domain.proposals.queries import own_proposal, signs_with_author, visible_proposal
from civicvote.domain.proposals.queries_authors import (
    editable_proposal,
    invitations_to,
    names_of,
    own_invitation,
    signed_proposal,
    signers_of,
)
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.domain.proposals.services_authors import (
    accept_invitation,
    decline_invitation,
    invite_co_author,
    leave_proposal,
    remove_co_author,
    take_back_invitation,
)
from civicvote.domain.proposals.signing import INVITATIONS_WAIT, MOST_CO_AUTHORS
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.permissions import Permission
from civicvote.web import throttle
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.forms import Form, MailAddress, strip
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal
    from civicvote.domain.proposals.queries import ProposalView
    from civicvote.domain.rounds.models import Round


class InvitationForm(Form):
    email = StringField(
        _l("Mail address"),
        filters=[strip],
        validators=[
            InputRequired(_l("Fill this in.")),
            Length(max=254, message=_l("This is too long: at most %(limit)s characters.", limit=254)),
            MailAddress(_l("This is no complete mail address. It looks like name@example.org.")),
        ],
    )


def signing(view: "ProposalView", round_: "Round") -> dict[str, Any]:
    """For the proposal's page: all names, and what the reader may do because they sign it."""
    actor, proposal = current_actor(), view.proposal
    signs = actor is not None and any(person_id == actor.person_id for person_id, _name in view.signers)
    may_edit = policy.can_edit(actor, proposal, signs=signs)
    return {
        "author_names": [view.author_name, *(name for _person_id, name in view.signers)],
        "signs": signs,
        "can_edit": may_edit and Permission.PROPOSAL_EDIT in open_actions(round_),
    }


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/authors", methods=["GET", "POST"])
def authors(slug: str, proposal_id: int) -> ResponseReturnValue:
    """Who signs it: the author invites and removes, a co-author leaves."""
    actor, form = signed_in_actor(), InvitationForm()
    proposal = editable_proposal(actor, current_region().id, proposal_id)
    if form.validate_on_submit():
        with form.refusals():
            throttle.spend(Limit.CO_AUTHOR, actor.person_id)
            # Beyond the limit nothing is sent and the same is said: nobody learns here whether others invited them.
            if throttle.is_left(Limit.INVITED, normal_address(form.email.data or "")):
                invite_co_author(actor=actor, slug=slug, proposal=proposal, email=form.email.data or "")
            flash(_("The invitation is on its way. It waits for 30 days."), "success")
            return _to_authors(proposal)
    return render("proposals/authors.html", status=form.status, form=form, **_page(proposal))


def _page(proposal: "Proposal") -> dict[str, Any]:
    is_own = policy.is_own(signed_in_actor(), proposal)
    signers = signers_of(proposal.region_id, proposal.id)
    invitations = invitations_to(proposal) if is_own else []
    return {
        "proposal": proposal,
        "round": announced_round(proposal.region_id, proposal.round_id),
        "is_own": is_own,
        "author_name": names_of([proposal.author_id])[proposal.author_id],
        "signers": signers,
        "invitations": invitations,
        "wait": INVITATIONS_WAIT,
        "most": MOST_CO_AUTHORS,
        "can_invite": policy.can_change(signed_in_actor(), proposal) and len(signers) < MOST_CO_AUTHORS,
    }


def _to_authors(proposal: "Proposal") -> ResponseReturnValue:
    return see_other(url_for("proposals.authors", slug=current_region().slug, proposal_id=proposal.id))


@proposals.post("/regions/<slug>/proposals/<id:proposal_id>/authors/invitations/<id:invitation_id>/take-back")
def take_back(slug: str, proposal_id: int, invitation_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    proposal = own_proposal(actor, current_region().id, proposal_id)
    take_back_invitation(actor=actor, proposal=proposal, invitation_id=invitation_id)
    flash(_("The invitation is taken back."), "success")
    return _to_authors(proposal)


@proposals.post("/regions/<slug>/proposals/<id:proposal_id>/authors/<id:person_id>/remove")
def remove(slug: str, proposal_id: int, person_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    proposal = own_proposal(actor, current_region().id, proposal_id)
    remove_co_author(actor=actor, slug=slug, proposal=proposal, person_id=person_id)
    flash(_("This person no longer signs the proposal. We told them."), "success")
    return _to_authors(proposal)


@proposals.post("/regions/<slug>/proposals/<id:proposal_id>/authors/leave")
def leave(slug: str, proposal_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    proposal = signed_proposal(actor, current_region().id, proposal_id)
    leave_proposal(actor=actor, slug=slug, proposal=proposal)
    if policy.can_read(actor, proposal):
        return stored(proposal_id, _("You no longer sign this proposal."))
    flash(_("You no longer sign this proposal."), "success")
    return see_other(url_for("accounts.signed"))


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/invitation", methods=["GET", "POST"])
def invitation(slug: str, proposal_id: int) -> ResponseReturnValue:
    """The invited person reads the proposal, and accepts or declines."""
    actor = signed_in_actor()
    proposal = visible_proposal(actor, current_region().id, proposal_id)
    try:
        return _invitation(slug, proposal)
    except UnknownInvitation:
        # A second tap, or the mail of an invitation that was accepted long ago.
        if not signs_with_author(actor, proposal.region_id, proposal_id):
            raise
        return stored(proposal_id, _("You sign this proposal already."))


def _invitation(slug: str, proposal: "Proposal") -> ResponseReturnValue:
    actor, proposal_id = signed_in_actor(), proposal.id
    if request.method == "POST" and request.form.get("answer") == "accept":
        accept_invitation(actor=actor, slug=slug, proposal=proposal)
        return stored(proposal_id, _("You sign this proposal now. Your name stands beside the author's."))
    if request.method == "POST":
        decline_invitation(actor=actor, proposal=proposal)
        return stored(proposal_id, _("You declined the invitation."))
    asked = own_invitation(actor, proposal.region_id, proposal_id)
    policy.require_unsettled(proposal)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    return render(
        "proposals/invitation.html",
        proposal=proposal,
        round=round_,
        asked=asked,
        until=asked.invited_at + INVITATIONS_WAIT,
        author_name=names_of([proposal.author_id])[proposal.author_id],
        field_name=field_names(round_).get(proposal.field_key, ""),
        files=files_of_proposal(proposal.region_id, proposal_id),
    )
