"""Following a proposal, and no longer: a form that works as a page and, with htmx, in its place."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.blueprints.proposals.support import following
from civicvote.domain.proposals.errors import UnknownProposal
from civicvote.domain.proposals.queries import proposal_view
from civicvote.domain.proposals.queries_ladder import support_of
from civicvote.domain.proposals.services_following import follow as follow_proposal
from civicvote.domain.proposals.services_following import unfollow
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.redirects import safe_path
from civicvote.web.scope import current_region


@proposals.post("/regions/<slug>/proposals/<id:proposal_id>/follow")
def follow(slug: str, proposal_id: int) -> ResponseReturnValue:
    """``wish``: follow or stop. What was hidden meanwhile can't be followed, but anybody may stop."""
    region, actor = current_region(), signed_in_actor()
    view = proposal_view(actor, region.id, proposal_id)
    wishes_to_follow = request.form.get("wish") == "follow"
    if wishes_to_follow and not view.is_readable:
        raise UnknownProposal
    if wishes_to_follow:
        follow_proposal(actor=actor, proposal=view.proposal)
    else:
        unfollow(actor=actor, proposal=view.proposal)
    if not wants_fragment():
        back = safe_path(request.form.get("next"))
        return see_other(back or url_for("proposals.show", slug=slug, proposal_id=proposal_id) + "#following")
    held = support_of(actor, region.id, proposal_id)
    return render("proposals/_following.html", proposal=view.proposal, moved=True, **following(view, held))
