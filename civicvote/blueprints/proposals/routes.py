"""Proposals: one with its thread, endorsing, withdrawing."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.proposals.answers import stored
from civicvote.blueprints.proposals.authors import signing
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.blueprints.proposals.merging import merging
from civicvote.blueprints.proposals.opinions import opinions_about
from civicvote.blueprints.proposals.places import place_of
from civicvote.blueprints.proposals.support import beside, support
from civicvote.domain.casefile.queries_beside import found_beside
from civicvote.domain.moderation.kinds import SubjectKind
from civicvote.domain.moderation.queries import hiding_of
from civicvote.domain.proposals import policy
from civicvote.domain.proposals.errors import UnknownProposal
from civicvote.domain.proposals.next_step import next_step
from civicvote.domain.proposals.queries import (
    ProposalView,
    own_proposal,
    proposal_view,
)
from civicvote.domain.proposals.queries_files import files_of_proposal
from civicvote.domain.proposals.queries_merging import merges_beside
from civicvote.domain.proposals.services import (
    endorse as endorse_proposal,
)
from civicvote.domain.proposals.services import (
    withdraw_endorsement,
    withdraw_proposal,
)
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import clock
from civicvote.kernel.visibility import Visibility
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.discussion import discussion
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.i18n import localized
from civicvote.web.scope import current_region


@proposals.get("/regions/<slug>/proposals/<id:proposal_id>")
def show(slug: str, proposal_id: int) -> ResponseReturnValue:
    region, actor = current_region(), current_actor()
    view = proposal_view(actor, region.id, proposal_id)
    hiding = hiding_of(region.id, SubjectKind.PROPOSAL, proposal_id) if _is_hidden(view) else None
    round_ = announced_round(region.id, view.proposal.round_id)
    if not view.is_readable:
        return render("proposals/taken_away.html", view=view, round=round_, hiding=hiding)
    found = found_beside(region.id, proposal_id)
    return render(
        "proposals/show.html",
        view=view,
        proposal=view.proposal,
        round=round_,
        hiding=hiding,
        files=files_of_proposal(region.id, proposal_id) if found.files else [],
        field_name=localized(view.field, "name") if view.field else "",
        upcoming=next_step(view.proposal.state, round_.phases, clock.now()),
        can_change=policy.can_change(actor, view.proposal),
        is_own=policy.is_own(actor, view.proposal),
        **signing(view, round_),
        **place_of(view.proposal),
        **support(view, round_, has_steps=found.steps),
        **beside(view, has_voices=found.voices),
        **merging(view, round_, has_merges=found.merges),
        **opinions_about(view, round_, has_questions=found.questions),
        **discussion(view, round_, cursor=request.args.get("after")),
    )


def _is_hidden(view: ProposalView) -> bool:
    return view.proposal.visibility is Visibility.HIDDEN


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
    return render("proposals/_endorsement.html", proposal=view.proposal, changed=True, **support(view, round_))


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, proposal_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    proposal = own_proposal(actor, region.id, proposal_id)
    if request.method == "POST":
        withdraw_proposal(actor=actor, proposal=proposal)
        return stored(proposal_id, _("Your proposal is withdrawn."))
    policy.require_change(actor, proposal)
    round_, merges = announced_round(region.id, proposal.round_id), merges_beside(actor, proposal)
    return render("proposals/withdraw.html", proposal=proposal, round=round_, merges=merges)
