"""The case file of a proposal: every step dated, by whom, with reasons, to read and to print."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.domain.casefile.queries import case_file, latest_steps
from civicvote.domain.proposals.queries import proposal_view
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.permissions import Role
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render
from civicvote.web.labels import label
from civicvote.web.scope import current_region
from civicvote.web.settings import settings

casefile = Blueprint("casefile", __name__)


def _role_words() -> dict[str, str]:
    return {role.value: label(role) for role in Role}


@casefile.get("/regions/<slug>/proposals/<id:proposal_id>/case")
def show(slug: str, proposal_id: int) -> ResponseReturnValue:
    """``large``: in large type, on paper too."""
    view = proposal_view(current_actor(), current_region().id, proposal_id)
    round_ = announced_round(view.proposal.region_id, view.proposal.round_id)
    cursor, is_large = request.args.get("after"), request.args.get("large") == "1"
    case = case_file(view, round_, cursor=cursor)
    arguments: dict[str, Any] = {"slug": slug, "proposal_id": proposal_id} | ({"large": 1} if is_large else {})
    here = url_for("casefile.show", **arguments)
    next_url = url_for("casefile.show", **arguments, after=case.lines.next_cursor) if case.lines.next_cursor else None
    return render(
        "casefile/show.html",
        case=case,
        view=view,
        proposal=view.proposal,
        round=round_,
        role_words=_role_words(),
        is_large=is_large,
        public_address=(settings().public_url or request.host_url.rstrip("/"))
        + url_for("casefile.show", slug=slug, proposal_id=proposal_id),
        next_url=next_url,
        first_url=here if cursor else None,
    )


@casefile.get("/regions/<slug>/proposals/<id:proposal_id>/case/latest")
def latest(slug: str, proposal_id: int) -> ResponseReturnValue:
    """The last steps and the next: a fragment of the proposal's page, or a short page of its own."""
    view = proposal_view(current_actor(), current_region().id, proposal_id)
    round_ = announced_round(view.proposal.region_id, view.proposal.round_id)
    return render(
        "casefile/latest.html",
        fragment="casefile/_latest.html",
        case=latest_steps(view, round_),
        role_words=_role_words(),
        view=view,
        proposal=view.proposal,
        round=round_,
    )
