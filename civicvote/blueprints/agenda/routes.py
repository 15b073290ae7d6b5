"""The agenda of a round: what residents selected, and what it has become."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.domain.agenda.queries import agenda_of_round, poll_in, polls_to_adopt, published_agenda_polls
from civicvote.domain.agenda.services import adopt_items
from civicvote.domain.budgeting.policy import can_prepare
from civicvote.domain.budgeting.queries import projects_of_items
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.actor import can
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

agenda = Blueprint("agenda", __name__)


@agenda.get("/regions/<slug>/rounds/<id:round_id>/agenda")
def index(slug: str, round_id: int) -> ResponseReturnValue:
    region = current_region()
    round_ = announced_round(region.id, round_id)
    listed = agenda_of_round(region.id, round_id, cursor=request.args.get("after"))
    return render(
        "agenda/index.html",
        fragment="agenda/_items.html",
        round=round_,
        listed=listed,
        projects=projects_of_items(region.id, [each.item.id for each in listed.items]),
        outcomes=published_agenda_polls(region.id, round_id),
        to_adopt=polls_to_adopt(region.id, round_id)
        if can(current_actor(), Permission.AGENDA_MANAGE, region.id)
        else [],
        may_prepare=can(current_actor(), Permission.PROJECT_MANAGE, region.id) and can_prepare(round_),
    )


@agenda.post("/regions/<slug>/polls/<id:poll_id>/adopt")
def adopt(slug: str, poll_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    poll = poll_in(region.id, poll_id)
    items = adopt_items(actor=actor, poll=poll)
    flash(_("%(count)s proposals are on the agenda now. Their authors were told.", count=len(items)), "success")
    return see_other(url_for("agenda.index", slug=slug, round_id=poll.round_id))
