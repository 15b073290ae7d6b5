"""The ballot: filled, looked over once, cast, acknowledged. Choices travel in the bodies of POST requests only."""

import secrets
from collections.abc import Sequence

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.forms import BallotForm, CastForm
from civicvote.db import reading
from civicvote.domain.polls import basket as baskets
from civicvote.domain.polls.idempotency import mac_key_from
from civicvote.domain.polls.queries import PollView, visible_poll
from civicvote.domain.polls.queries_voter import VoterStanding, voter_standing
from civicvote.domain.polls.roll_rule import ground_of
from civicvote.domain.polls.services import cast_ballot
from civicvote.domain.polls.states import Standing
from civicvote.domain.polls.window import require_open
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.rules import ClassRule, Exclusion
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region


def ballot_page(
    poll: PollView,
    actor: Actor | None,
    *,
    choices: Sequence[str] = (),
    form: BallotForm | None = None,
    voter: VoterStanding | None = None,
) -> Response:
    """The poll as it stands, with the ballot for whoever may vote; for htmx what a change of the ballot changes."""
    if voter is None and actor is not None:
        voter = voter_standing(actor, poll)
    return render(
        "polls/show.html",
        fragment="polls/_basket.html",
        status=form.status if form else 200,
        poll=poll,
        voter=voter,
        ground=_ground(poll, voter),
        is_ballot=poll.standing is Standing.OPEN and voter is not None and voter.may_vote,
        basket=baskets.fill(poll.options, choices, poll.ballot_rule),
        form=form,
        out_of_band=wants_fragment(),
    )


def _ground(poll: PollView, voter: VoterStanding | None) -> ClassRule | Exclusion | None:
    """The region's rule behind what keeps the reader from voting."""
    if voter is None or voter.obstacle is None or not poll.is_open:
        return None
    return ground_of(region_rules(poll.region_id), voter.obstacle, voter.residency_class)


def _open_poll(poll_id: int) -> tuple[PollView, VoterStanding]:
    """The poll, open now, and the voter's standing in it, read without keeping others from writing."""
    actor, region = signed_in_actor(), current_region()
    with reading():
        poll = visible_poll(actor, region.id, poll_id)
        voter = voter_standing(actor, poll)
    require_open(poll.state, poll.opens_at, poll.closes_at, clock.now())
    return poll, voter


@polls.post("/regions/<slug>/polls/<id:poll_id>/basket")
def basket(slug: str, poll_id: int) -> ResponseReturnValue:
    """The ballot with these choices: sums and what still fits. Stores nothing."""
    poll, voter = _open_poll(poll_id)
    return ballot_page(poll, signed_in_actor(), choices=BallotForm().choices.data or [], voter=voter)


@polls.post("/regions/<slug>/polls/<id:poll_id>/confirm")
def confirm(slug: str, poll_id: int) -> ResponseReturnValue:
    """Everything once more before it is cast, under a new idempotency key. Stores nothing."""
    poll, voter = _open_poll(poll_id)
    form = BallotForm()
    filled = baskets.fill(poll.options, form.choices.data or [], poll.ballot_rule)
    if filled.fault is not None:
        form.refuse(filled.fault)
        return ballot_page(poll, signed_in_actor(), choices=form.choices.data or [], form=form, voter=voter)
    return render("polls/confirm.html", poll=poll, voter=voter, basket=filled, key=secrets.token_urlsafe(24))


@polls.post("/regions/<slug>/polls/<id:poll_id>/cast")
def cast(slug: str, poll_id: int) -> ResponseReturnValue:
    form = CastForm()
    cast_ballot(
        actor=signed_in_actor(),
        region_id=current_region().id,
        poll_id=poll_id,
        choices=form.choices.data or [],
        idempotency_key=form.idempotency_key.data or "",
        mac_key=mac_key_from(current_app.config["SECRET_KEY"]),
    )
    return see_other(url_for("polls.receipt", slug=slug, poll_id=poll_id))


@polls.get("/regions/<slug>/polls/<id:poll_id>/receipt")
def receipt(slug: str, poll_id: int) -> ResponseReturnValue:
    """The receipt of the ballot in the box. Its size tells nothing about the choices."""
    actor, region = signed_in_actor(), current_region()
    poll = visible_poll(actor, region.id, poll_id)
    voter = voter_standing(actor, poll)
    if voter.receipt is None:
        return see_other(url_for("polls.show", slug=slug, poll_id=poll_id))
    return render("polls/receipt.html", poll=poll, voter=voter)
