"""What everybody may see of polls: the list, a poll as it stands, its fixed rules, its published outcome."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.ballots import ballot_page
from civicvote.blueprints.polls.blueprint import polls
from civicvote.domain.polls.errors import PollNotFrozen
from civicvote.domain.polls.queries import (
    current_polls,
    finished_polls,
    visible_poll,
)
from civicvote.domain.polls.states import Standing
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region


@polls.get("/regions/<slug>/votes")
def index(slug: str) -> ResponseReturnValue:
    region, cursor = current_region(), request.args.get("after")
    return render(
        "polls/index.html",
        fragment="polls/_finished.html",
        current=[] if cursor else current_polls(current_actor(), region.id),
        finished=finished_polls(region.id, cursor=cursor),
        cursor=cursor,
    )


@polls.get("/regions/<slug>/polls/<id:poll_id>")
def show(slug: str, poll_id: int) -> ResponseReturnValue:
    actor = current_actor()
    poll = visible_poll(actor, current_region().id, poll_id)
    if poll.standing is Standing.PUBLISHED:
        return see_other(url_for("polls.outcome", slug=slug, poll_id=poll_id))
    return ballot_page(poll, actor)


@polls.get("/regions/<slug>/polls/<id:poll_id>/rules.json")
def rules(slug: str, poll_id: int) -> ResponseReturnValue:
    """The text whose SHA-256 the poll's pages show, byte for byte."""
    poll = visible_poll(current_actor(), current_region().id, poll_id)
    if poll.frozen_rules is None:
        raise PollNotFrozen
    return Response(poll.frozen_rules, mimetype="application/json")
