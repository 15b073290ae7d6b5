"""How many voted, after closing: in all, and by group where the round's rules say so."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.polls.queries import turnout_of, visible_poll
from civicvote.domain.polls.queries_turnout import TurnoutRow, turnout_by_group
from civicvote.domain.polls.roll.turnout_groups import TOGETHER, UNKNOWN, AgeBand, Division
from civicvote.domain.polls.states import Standing
from civicvote.web.auth import current_actor
from civicvote.web.csv_files import csv_file
from civicvote.web.htmx import render, see_other
from civicvote.web.labels import label
from civicvote.web.scope import current_region

turnout = Blueprint("turnout", __name__)


@turnout.get("/regions/<slug>/polls/<id:poll_id>/turnout")
def show(slug: str, poll_id: int) -> ResponseReturnValue:
    region = current_region()
    poll = visible_poll(current_actor(), region.id, poll_id)
    if poll.standing not in {Standing.OVER, Standing.PUBLISHED}:
        return see_other(url_for("polls.show", slug=slug, poll_id=poll_id))
    return render(
        "turnout/show.html",
        poll=poll,
        turnout=turnout_of(region.id, poll_id),
        divided=turnout_by_group(region.id, poll_id),
        group_name=_group_name,
    )


@turnout.get("/regions/<slug>/polls/<id:poll_id>/turnout.csv")
def table(slug: str, poll_id: int) -> ResponseReturnValue:
    """What the page shows, as a table; an empty one where it shows nothing by group."""
    region = current_region()
    poll = visible_poll(current_actor(), region.id, poll_id)
    return csv_file(
        f"turnout-{slug}.csv",
        (_("Division"), _("Group of people"), _("On the roll"), _("Voted")),
        (
            (label(division), _group_name(division, row), str(row.on_roll), str(row.voted))
            for division, rows in turnout_by_group(region.id, poll.id).items()
            for row in rows
        ),
    )


def _group_name(division: Division, row: TurnoutRow) -> str:
    """What a row of a division is called."""
    if row.key == TOGETHER:
        return _("Other groups together")
    if row.key == UNKNOWN:
        return _("Not known")
    match division:
        case Division.DISTRICT:
            return row.name or row.key
        case Division.AGE:
            return label(AgeBand(row.key))
        case Division.RESIDENCY:
            return label(ResidencyClass(row.key))
