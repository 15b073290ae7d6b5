"""The published outcome: the page for everybody and the picture that is shown where its address is passed on."""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.parts import part_names
from civicvote.domain.outcomes.queries import OutcomeTold, published_outcome
from civicvote.domain.outcomes.queries_protocol import end_of_poll
from civicvote.domain.polls.errors import OutcomeNotPublished
from civicvote.domain.polls.importing.source import ImportSource
from civicvote.domain.polls.queries import PollView, visible_poll
from civicvote.domain.polls.states import PollKind
from civicvote.web.auth import current_actor
from civicvote.web.filters import money, points
from civicvote.web.htmx import render, see_other
from civicvote.web.i18n import localized
from civicvote.web.outcome_picture import MOST_WINNERS, PictureWords, draw
from civicvote.web.scope import current_region
from civicvote.web.settings import settings

_AN_HOUR = 3_600


@polls.get("/regions/<slug>/polls/<id:poll_id>/outcome")
def outcome(slug: str, poll_id: int) -> ResponseReturnValue:
    """The same for whoever asks, so that it can be kept for a moment (``web.page_cache``)."""
    region = current_region()
    poll = visible_poll(current_actor(), region.id, poll_id)
    try:
        told = published_outcome(poll)
    except OutcomeNotPublished:
        return see_other(url_for("polls.show", slug=slug, poll_id=poll_id))
    end = end_of_poll(region.id, poll_id)
    return render(
        "polls/outcome.html",
        poll=poll,
        told=told,
        turnout=end.turnout,
        end=end,
        source=ImportSource.read(poll.source),
        names=part_names(poll, told.paying_districts),
        by_key={option.key: option for option in poll.options},
        picture_address=f"{_site()}{url_for('polls.outcome_picture', slug=slug, poll_id=poll_id)}",
    )


@polls.get("/regions/<slug>/polls/<id:poll_id>/outcome.png")
def outcome_picture(slug: str, poll_id: int) -> ResponseReturnValue:
    """What is shown where the outcome's address is passed on. Raises ``OutcomeNotPublished``."""
    poll = visible_poll(current_actor(), current_region().id, poll_id)
    response = Response(draw(_words(poll, published_outcome(poll))), mimetype="image/png")
    response.cache_control.public, response.cache_control.max_age = True, _AN_HOUR
    response.add_etag()
    return response.make_conditional(request)


def _words(poll: PollView, told: OutcomeTold) -> PictureWords:
    region, outcome = current_region(), told.view
    counted = {"selected": len(outcome.winners), "options": len(outcome.rows)}
    if poll.kind is PollKind.BUDGET:
        given = money(outcome.record.total_cost, region)
        sentence = _("%(selected)s of %(options)s projects get %(money)s.", **counted, money=given)
    else:
        sentence = _("%(selected)s of %(options)s proposals become agenda items.", **counted)
    unit = _(" points") if outcome.counts_points else _(" votes")
    what = _("Outcome of the vote")
    more = len(outcome.winners) - MOST_WINNERS
    return PictureWords(
        place=f"{localized(region, 'name')} · {what}",
        title=localized(poll, "title"),
        sentence=sentence,
        winners=tuple(
            (row.option.label, points(row.verdict.score) + ("" if row.verdict.is_withheld else unit))
            for row in outcome.winners
        ),
        more=_("and %(count)s more", count=more) if more > 0 else "",
    )


def _site() -> str:
    return settings().public_url or request.host_url.rstrip("/")
