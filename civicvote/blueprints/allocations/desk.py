"""The budget desk: what waits, what is late, what will run over, and a table of all projects."""

from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.allocations.blueprint import allocations
from civicvote.blueprints.allocations.pages import wanted_round
from civicvote.domain.allocations.policy import can_reverse
from civicvote.domain.allocations.queries import money_of_projects, project_money, round_money
from civicvote.domain.allocations.queries_alerts import overruns, selected_cost, shown_round, waiting_counts
from civicvote.domain.allocations.queries_lists import (
    TransferLine,
    desk_payments_of_project,
    fundings_of_round,
    transfers_of_project,
    waiting_payments,
)
from civicvote.domain.allocations.rules import LATE_AFTER, is_late
from civicvote.domain.budgeting.queries import project_in, projects_of_round
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.rounds.queries import announced_round, rounds_of
from civicvote.kernel import clock, ids
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@allocations.get("/regions/<slug>/desk/budget")
def desk(slug: str) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    round_ = shown_round(region.id, wanted_round())
    if round_ is None:
        return render("allocations/no_round.html")
    listed = projects_of_round(region.id, round_.id, state=ProjectState.SELECTED, cursor=request.args.get("after"))
    return render(
        "allocations/desk.html",
        round=round_,
        round_key=ids.encode(round_.id),
        rounds=rounds_of(region.id).items,
        open_acts=open_actions(round_),
        counts=waiting_counts(region.id, round_.id, actor.person_id),
        waiting=waiting_payments(actor, region.id, round_.id, cursor=request.args.get("waiting_after")),
        overruns=overruns(region.id, round_.id),
        selected_cost=selected_cost(region.id, round_.id),
        whole=round_money(region.id, round_.id),
        listed=listed,
        of_project=money_of_projects(region.id, listed.items),
        fundings=fundings_of_round(region.id, round_.id, cursor=request.args.get("fundings_after")),
        may_reverse=may_reverse,
        is_late=late_now,
        late_days=LATE_AFTER.days,
    )


@allocations.get("/regions/<slug>/desk/budget/projects/<id:project_id>")
def project(slug: str, project_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    found = project_in(region.id, project_id)
    round_ = announced_round(region.id, found.round_id)
    return render(
        "allocations/project.html",
        project=found,
        round=round_,
        open_acts=open_actions(round_),
        money=project_money(found),
        payments=desk_payments_of_project(actor, region.id, project_id, cursor=request.args.get("payments_after")),
        transfers=transfers_of_project(actor, region.id, found, cursor=request.args.get("after")),
        may_reverse=may_reverse,
        is_late=late_now,
    )


def may_reverse(line: TransferLine) -> bool:
    """Whether the reader may reverse this transfer."""
    transfer = line.transfer
    return can_reverse(
        signed_in_actor(),
        region_id=transfer.region_id,
        author_id=transfer.author_id,
        kind=transfer.kind,
        is_reversed=line.is_reversed,
    )


def late_now(entered_at: datetime) -> bool:
    """Whether a payment entered then and still waiting has waited too long."""
    return is_late(entered_at, clock.now())
