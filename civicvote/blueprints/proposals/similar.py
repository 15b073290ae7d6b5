"""Similar proposals: while one is written, before it is submitted, and beside one that stands. Nothing is decided."""

from typing import TYPE_CHECKING

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.db import reading
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.proposals.queries_author import just_posted
from civicvote.domain.proposals.queries_similar import SimilarProposal, similar_to_proposal, similar_to_texts
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.proposals.texts import clean_texts
from civicvote.domain.rounds.policy import is_open
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.actor import can
from civicvote.kernel.permissions import Permission
from civicvote.kernel.visibility import Visibility
from civicvote.web import throttle
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.htmx import render, wants_fragment
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.blueprints.proposals.forms import ProposalForm
    from civicvote.domain.proposals.models import Proposal
    from civicvote.domain.rounds.models import Round

#: Beside a proposal; its own page shows as many as while writing.
_BESIDE = 3
_SHORTEST_TITLE = 4


@proposals.post("/regions/<slug>/rounds/<id:round_id>/proposals/similar")
def similar_to_typed(slug: str, round_id: int) -> ResponseReturnValue:
    """What is like the form so far, for htmx after a pause. Nothing comes back where nothing changed, so that a screen
    reader is not told the same again. Whoever sends the form here without htmx gets a page."""
    throttle.spend(Limit.SUGGESTION, signed_in_actor().person_id)
    region_id = current_region().id
    title = request.form.get("title", "")[:200]
    with reading():
        round_ = announced_round(region_id, round_id)
        found = _like_typed(region_id) if len(title.strip()) >= _SHORTEST_TITLE else []
    shown = " ".join(each.key for each in found)
    if wants_fragment() and shown == request.form.get("similar_shown", ""):
        return Response(status=204)
    return render(
        "proposals/similar_typed.html",
        fragment="proposals/_similar_typed.html",
        similar=found,
        shown=shown,
        round=round_,
        round_id=round_id,
    )


def _like_typed(region_id: int) -> list[SimilarProposal]:
    title, summary, body = (request.form.get(name, "")[:8000] for name in ("title", "summary", "body"))
    district_code = request.form.get("district_code") or None
    return similar_to_texts(region_id, title=title, summary=summary, body=body, district_code=district_code)


def similar_before_submitting(form: "ProposalForm", round_: "Round") -> list[SimilarProposal]:
    """What is like the form's texts, unless its writer saw that already: shown once, never in the way again. Who used
    up the looks of a quarter of an hour goes on without. Raises what ``clean_texts`` refuses."""
    is_seen = request.form.get("similar_seen") == "1"
    if is_seen and request.form.get("step") != "preview":
        return []
    actor, texts = signed_in_actor(), form.texts()
    if just_posted(actor, round_, clean_texts(**texts)) is not None:
        return []  # submitting leads there
    if not throttle.is_left(Limit.SUGGESTION, actor.person_id):
        return []
    return similar_to_texts(
        round_.region_id,
        title=texts["title"],
        summary=texts["summary"],
        body=texts["body"],
        district_code=request.form.get("district_code") or None,
    )


@proposals.get("/regions/<slug>/proposals/<id:proposal_id>/similar")
def similar(slug: str, proposal_id: int) -> ResponseReturnValue:
    proposal = visible_proposal(current_actor(), current_region().id, proposal_id)
    round_ = announced_round(proposal.region_id, proposal.round_id)
    found = similar_to_proposal(proposal)
    is_part = request.args.get("beside") == "1"
    return render(
        "proposals/similar.html",
        fragment="proposals/_similar_beside.html",
        proposal=proposal,
        round=round_,
        round_id=round_.id,
        is_part=is_part,
        similar=found[:_BESIDE] if is_part and not _may_merge(proposal, round_) else found,
        merging=_merge_addresses(proposal, round_, found),
    )


def _may_merge(proposal: "Proposal", round_: "Round") -> bool:
    actor = current_actor()
    return (
        proposal.visibility is Visibility.VISIBLE
        and proposal.state is ProposalState.SUBMITTED
        and can(actor, Permission.PROPOSAL_MERGE, proposal.region_id)
        and is_open(round_, Permission.PROPOSAL_MERGE)
    )


def _merge_addresses(proposal: "Proposal", round_: "Round", found: list[SimilarProposal]) -> dict[int, str]:
    """Where a moderator merges the two, by the other's id; only within one round."""
    if not _may_merge(proposal, round_):
        return {}
    return {
        each.id: _merge_address(proposal.id, each.key)
        for each in found
        if each.round_id == round_.id and each.state is ProposalState.SUBMITTED
    }


def _merge_address(proposal_id: int, other: str) -> str:
    return url_for("proposals.merge", slug=current_region().slug, proposal_id=proposal_id, other=other)
