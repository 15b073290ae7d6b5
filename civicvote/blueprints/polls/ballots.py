"""The ballot: filled, looked over once, cast, acknowledged. Choices travel in the bodies of POST requests only."""

import secrets

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.ballot_view import view_of
from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.forms import BallotForm, CastForm
from civicvote.blueprints.polls.parts import part_names
from civicvote.db import reading
from civicvote.domain.monitor.marks import Origin
from civicvote.domain.polls.ballots import basket as baskets
from civicvote.domain.polls.ballots.basket import Basket
from civicvote.domain.polls.ballots.styles import offered
from civicvote.domain.polls.ballots.wishes import Wish
from civicvote.domain.polls.box.idempotency import mac_key_from
from civicvote.domain.polls.errors import UnknownPoll
from civicvote.domain.polls.planning.window import require_open
from civicvote.domain.polls.queries import PollView, visible_poll
from civicvote.domain.polls.queries_drafts import KeptBallot, is_as_kept, kept_ballot
from civicvote.domain.polls.queries_receipts import end_of_voting, inclusion_of
from civicvote.domain.polls.queries_voter import VoterStanding, voter_standing
from civicvote.domain.polls.roll.rule import ground_of
from civicvote.domain.polls.services import cast_ballot
from civicvote.domain.polls.services_drafts import keep_draft
from civicvote.domain.polls.states import Standing
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.rules import ClassRule, Exclusion
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.web import throttle
from civicvote.web.auth import current_actor, session_token, signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.known_devices import device_name
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit, client_network


def ballot_page(
    poll: PollView,
    actor: Actor | None,
    *,
    wish: Wish | None = None,
    form: BallotForm | None = None,
    voter: VoterStanding | None = None,
) -> Response:
    """The poll as it stands, with the ballot for whoever may vote; for htmx what a change of the ballot changes.

    Without a ``wish`` it opens as this session left it, empty where nothing was begun."""
    if voter is None and actor is not None:
        voter = voter_standing(actor, poll)
    is_ballot = poll.standing is Standing.OPEN and voter is not None and voter.may_vote
    kept = KeptBallot()
    if wish is None and actor and is_ballot:
        kept = kept_ballot(actor, poll, session_token() or "")
    ballot = view_of(
        poll,
        voter,
        kept.wish if wish is None else wish,
        person_id=actor.person_id if actor and is_ballot else None,
        field=(form.field.data or "") if form else "",
        district=(form.district.data or "") if form else "",
    )
    return render(
        "polls/show.html",
        fragment="polls/_basket.html",
        status=form.status if form else 200,
        poll=poll,
        voter=voter,
        ground=_ground(poll, voter),
        is_ballot=is_ballot,
        kept=kept.kept,
        ballot=ballot,
        basket=ballot.basket,
        names=ballot.fields | ballot.districts,
        form=form,
        out_of_band=wants_fragment(),
        ending=None if wants_fragment() else end_of_voting(poll.region_id, poll.id),
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


def _filled(poll: PollView, voter: VoterStanding, form: BallotForm) -> Basket:
    """What the form says of the options on this voter's ballot."""
    wish = form.wish(poll.options, poll.ballot_type)
    return baskets.fill(offered(poll.ballot, poll.options, voter.style), wish, poll.ballot_rule)


def _keep(poll: PollView, voter: VoterStanding, wish: Wish) -> None:
    """Whoever may vote finds it again. Comes after the page is made, so that nobody else's ballot waits for that.

    What is kept already is not written again, and who clicks faster than people do gets the sums without keeping."""
    actor, token = signed_in_actor(), session_token() or ""
    if not voter.may_vote:
        return
    with reading():
        if is_as_kept(wish, kept_ballot(actor, poll, token)):
            return
    if throttle.is_left(Limit.DRAFT, actor.person_id):
        keep_draft(actor=actor, poll=poll, token=token, wish=wish)


@polls.post("/regions/<slug>/polls/<id:poll_id>/basket")
def basket(slug: str, poll_id: int) -> ResponseReturnValue:
    """The ballot with these choices: sums and what still fits. Kept, sealed for this session alone, till it is cast."""
    poll, voter = _open_poll(poll_id)
    form = BallotForm()
    filled = _filled(poll, voter, form)
    with reading():
        page = ballot_page(poll, signed_in_actor(), wish=filled.wish, form=form, voter=voter)
    _keep(poll, voter, filled.wish)
    return page


@polls.post("/regions/<slug>/polls/<id:poll_id>/confirm")
def confirm(slug: str, poll_id: int) -> ResponseReturnValue:
    """Everything once more before it is cast, under a new idempotency key. Casts nothing."""
    poll, voter = _open_poll(poll_id)
    form = BallotForm()
    filled = _filled(poll, voter, form)
    with form.refusals():
        throttle.spend(Limit.LOOK_OVER, signed_in_actor().person_id)
    if filled.fault is not None:
        form.refuse(filled.fault)
    with reading():
        page = _page_before_casting(poll, voter, filled, form)
    if not form.is_throttled:
        _keep(poll, voter, filled.wish)
    return page


def _page_before_casting(
    poll: PollView, voter: VoterStanding, filled: Basket, form: BallotForm, *, key: str = ""
) -> Response:
    """Once more the ballot where it breaks a rule, or comes too soon again and has no key yet."""
    if form.errors and not key:
        return ballot_page(poll, signed_in_actor(), wish=filled.wish, form=form, voter=voter)
    return render(
        "polls/confirm.html",
        status=form.status,
        form=form,
        poll=poll,
        voter=voter,
        basket=filled,
        key=key or secrets.token_urlsafe(24),
    )


@polls.post("/regions/<slug>/polls/<id:poll_id>/cast")
def cast(slug: str, poll_id: int) -> ResponseReturnValue:
    form, key = CastForm(), request.form.get("idempotency_key", "")
    with form.refusals():
        throttle.spend(Limit.CAST, signed_in_actor().person_id)
    if form.is_throttled:
        poll, voter = _open_poll(poll_id)
        return _page_before_casting(poll, voter, _filled(poll, voter, form), form, key=key)
    cast_ballot(
        actor=signed_in_actor(),
        region_id=current_region().id,
        poll_id=poll_id,
        choices=form.choices.data or [],
        points=form.whole_points,
        idempotency_key=key,
        mac_key=mac_key_from(current_app.config["SECRET_KEY"]),
        origin=Origin(client_network(), device_name()),
    )
    return see_other(url_for("polls.receipt", slug=slug, poll_id=poll_id))


@polls.get("/regions/<slug>/polls/<id:poll_id>/options/<key>")
def option(slug: str, poll_id: int, key: str) -> ResponseReturnValue:
    """One option in full: a page, and what a dialog on the ballot shows."""
    poll = visible_poll(current_actor(), current_region().id, poll_id)
    found = next((option for option in poll.options if option.key == key), None)
    if found is None:
        raise UnknownPoll
    return render("polls/option.html", fragment="polls/_option.html", poll=poll, option=found, names=part_names(poll))


@polls.get("/regions/<slug>/polls/<id:poll_id>/receipt")
def receipt(slug: str, poll_id: int) -> ResponseReturnValue:
    """The receipt of the ballot in the box. Its size tells nothing about the choices."""
    actor, region = signed_in_actor(), current_region()
    poll = visible_poll(actor, region.id, poll_id)
    voter = voter_standing(actor, poll)
    if voter.receipt is None:
        return see_other(url_for("polls.show", slug=slug, poll_id=poll_id))
    inclusion = inclusion_of(region.id, poll_id, voter.receipt) if poll.closed_at else None
    return render("polls/receipt.html", poll=poll, voter=voter, inclusion=inclusion)
