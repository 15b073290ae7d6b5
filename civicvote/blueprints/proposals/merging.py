"""Merging two proposals: choose the other one, suggest it, answer, undo; and what a proposal's page says about it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from civicvote.blueprints.proposals.answers import stored
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.domain.proposals.merging import REASON, require_mergeable
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.proposals.queries_merging import (
    MergePage,
    MergesBeside,
    merge_choice,
    merge_page,
    merges_beside,
    require_proposer,
    titles_like,
)
from civicvote.domain.proposals.queries_parties import parties_of
from civicvote.domain.proposals.queries_similar import similar_to_proposal
from civicvote.domain.proposals.services_merging import (
    consent_to_merge,
    propose_merge,
    refuse_merge,
    undo_merge,
)
from civicvote.domain.proposals.states import MergeState, ProposalState
from civicvote.domain.rounds.policy import open_actions, require_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import ids
from civicvote.kernel.permissions import Permission, Role
from civicvote.web import throttle
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.forms import Form, strip
from civicvote.web.htmx import render
from civicvote.web.labels import label
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal
    from civicvote.domain.proposals.queries import ProposalView
    from civicvote.domain.rounds.models import Round

_LONGEST_SEARCH = 200


class MergeForm(Form):
    other = HiddenField()
    reason = TextAreaField(
        _l("Why are the two the same?"),
        filters=[strip],
        validators=[
            Length(max=REASON[1], message=_l("This is too long: at most %(limit)s characters.", limit=REASON[1]))
        ],
    )


class AnswerForm(Form):
    reason = TextAreaField(
        _l("Your reason"),
        filters=[strip],
        validators=[
            Length(max=REASON[1], message=_l("This is too long: at most %(limit)s characters.", limit=REASON[1]))
        ],
    )


def merging(view: "ProposalView", round_: "Round", *, has_merges: bool) -> dict[str, Any]:
    """For the block about merging on a proposal's page. One statement at most."""
    can_merge = view.proposal.state is ProposalState.SUBMITTED and Permission.PROPOSAL_MERGE in open_actions(round_)
    actor = current_actor()
    signs = actor is not None and any(person_id == actor.person_id for person_id, _name in view.signers)
    merges = merges_beside(actor, view.proposal, signs=signs) if has_merges else MergesBeside()
    return {"merges": merges, "can_merge": can_merge}


@proposals.route("/regions/<slug>/proposals/<id:proposal_id>/merge", methods=["GET", "POST"])
def merge(slug: str, proposal_id: int) -> ResponseReturnValue:
    """With ``other`` (an id as in addresses) the pair and a reason; without, what could be the other one."""
    region, actor = current_region(), signed_in_actor()
    proposal = visible_proposal(actor, region.id, proposal_id)
    round_ = announced_round(region.id, proposal.round_id)
    other_id = _id_in(request.values.get("other") or "")
    if other_id is None:
        return _choose(proposal, round_)
    form, choice = MergeForm(), merge_choice(actor, proposal, other_id)
    if request.method != "POST":
        require_mergeable(choice.leading, choice.merged)
        require_open(round_, Permission.PROPOSAL_MERGE)
    if form.validate_on_submit():
        with form.refusals():
            throttle.spend(Limit.POSTING, actor.person_id)
            made = propose_merge(
                actor=actor,
                region_id=region.id,
                proposal_id=proposal_id,
                other_id=other_id,
                reason=form.reason.data or "",
            )
            return stored(proposal_id, _suggested(made.state))
    form.other.data = ids.encode(other_id)
    return render("proposals/merge.html", status=form.status, form=form, proposal=proposal, round=round_, choice=choice)


def _suggested(state: MergeState) -> str:
    if state is MergeState.MERGED:
        return _("The two proposals are one now. It can be undone for 14 days.")
    return _("Your suggestion is on its way. The two become one when the authors have agreed.")


def _agreed(state: MergeState) -> str:
    if state is MergeState.MERGED:
        return _suggested(state)
    return _("You agreed. The two become one as soon as the other author agrees, too.")


def _choose(proposal: "Proposal", round_: "Round") -> ResponseReturnValue:
    actor, words = signed_in_actor(), (request.args.get("q") or "").strip()[:_LONGEST_SEARCH]
    require_proposer(actor, proposal.region_id, parties_of(proposal.region_id, [proposal.id]).values())
    require_open(round_, Permission.PROPOSAL_MERGE)
    pasted = _id_in(words) if "/" in words else None
    if pasted is not None:
        choice = merge_choice(actor, proposal, pasted)
        choices: list[Any] = [choice.merged if choice.leading is proposal else choice.leading]
    elif words:
        choices = titles_like(proposal, words)
    else:
        same_round = [each for each in similar_to_proposal(proposal) if each.round_id == proposal.round_id]
        choices = [each for each in same_round if each.state is ProposalState.SUBMITTED]
    return render(
        "proposals/merge_choose.html",
        proposal=proposal,
        round=round_,
        choices=choices,
        words=words,
        address=url_for("proposals.merge", slug=current_region().slug, proposal_id=proposal.id),
    )


def _id_in(text: str) -> int | None:
    """The proposal that a key or a pasted address names; None where it is neither."""
    try:
        key = urlsplit(text).path.rstrip("/").rpartition("/proposals/")[2].partition("/")[0]
        return ids.decode(key)
    except ValueError:
        return None


@proposals.get("/regions/<slug>/merges/<id:merge_id>")
def show_merge(slug: str, merge_id: int) -> ResponseReturnValue:
    return _merge_page(merge_page(current_actor(), current_region().id, merge_id), AnswerForm())


def _merge_page(page: MergePage, form: AnswerForm) -> ResponseReturnValue:
    round_ = announced_round(page.row.merge.region_id, page.row.leading.round_id)
    return render(
        "proposals/merging.html",
        status=form.status,
        form=form,
        page=page,
        merge=page.row.merge,
        suggested_by=_role(page.row.merge.proposed_as) or page.proposer,
        ended_by=_role(page.row.merge.ended_as),
        round=round_,
        is_open=Permission.PROPOSAL_MERGE in open_actions(round_),
    )


def _role(name: str) -> str:
    return label(Role(name)) if name else ""


_ACTS: dict[str, tuple[Any, Any]] = {
    "consent": (consent_to_merge, _agreed),
    "refuse": (refuse_merge, lambda _state: _("The two stay two proposals. The others were told.")),
    "undo": (undo_merge, lambda _state: _("The merge is undone. Both proposals stand as before.")),
}


@proposals.post("/regions/<slug>/merges/<id:merge_id>")
def answer_merge(slug: str, merge_id: int) -> ResponseReturnValue:
    """``act``: consent, refuse or undo. Whatever is refused comes back with the page as it stands now."""
    region, actor, form = current_region(), signed_in_actor(), AnswerForm()
    act, said = _ACTS.get(request.form.get("act", "")) or abort(400)
    if form.validate_on_submit():
        with form.refusals():
            throttle.spend(Limit.POSTING, actor.person_id)
            done = act(actor=actor, region_id=region.id, merge_id=merge_id, reason=form.reason.data or "")
            return stored(done.leading_id, said(done.state))
    return _merge_page(merge_page(actor, region.id, merge_id), form)
