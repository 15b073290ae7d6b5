"""The protocol of a vote: a page to print, and to sign by hand."""

from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.parts import part_names
from civicvote.domain.outcomes.queries import published_outcome
from civicvote.domain.outcomes.queries_protocol import acts_of_poll, end_of_poll
from civicvote.domain.polls.importing.source import ImportSource
from civicvote.domain.polls.queries import visible_poll
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@polls.get("/regions/<slug>/polls/<id:poll_id>/protocol")
def protocol(slug: str, poll_id: int) -> ResponseReturnValue:
    actor, region = current_actor(), current_region()
    poll = visible_poll(actor, region.id, poll_id)
    end = end_of_poll(region.id, poll_id)
    return render(
        "polls/protocol.html",
        poll=poll,
        told=published_outcome(poll),
        turnout=end.turnout,
        end=end,
        acts=acts_of_poll(actor, poll),
        source=ImportSource.read(poll.source),
        names=part_names(poll),
    )
