"""What a proposal said before, and what changed: each edit, and any two versions."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.proposals.answers import field_names
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.blueprints.proposals.comparison import compare
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.proposals.queries_versions import changes_of, versions_between
from civicvote.domain.rounds.queries import announced_round
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@proposals.get("/regions/<slug>/proposals/<id:proposal_id>/versions")
def versions(slug: str, proposal_id: int) -> ResponseReturnValue:
    region, cursor = current_region(), request.args.get("after")
    proposal = visible_proposal(current_actor(), region.id, proposal_id)
    round_ = announced_round(region.id, proposal.round_id)
    names, pair = field_names(round_), _pair_asked_for()
    page = None if pair else changes_of(proposal, cursor=cursor)
    changes = page.items if page else [versions_between(proposal, *pair)] if pair else []
    next_cursor = page.next_cursor if page else None
    return render(
        "proposals/versions.html",
        fragment="proposals/_changes.html",
        proposal=proposal,
        round=round_,
        compared=[compare(change, names) for change in changes],
        pair=pair,
        cursor=cursor,
        next_url=url_for("proposals.versions", slug=slug, proposal_id=proposal_id, after=next_cursor)
        if next_cursor
        else None,
    )


def _pair_asked_for() -> tuple[int, int] | None:
    """``?from=1&to=3``; None where the address does not ask for two versions."""
    numbers = [request.args.get(name, "") for name in ("from", "to")]
    if not all(number.isascii() and number.isdigit() and len(number) < 7 for number in numbers):
        return None
    return int(numbers[0]), int(numbers[1])
