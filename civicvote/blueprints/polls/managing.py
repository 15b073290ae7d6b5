"""For those who run polls: prepare, put options on the ballot, fix, publish. Each act asks once."""

from collections import Counter
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.candidates import candidates_for, options_from, put_on_ballot
from civicvote.blueprints.polls.forms import GROUPS, ActForm, OptionsForm
from civicvote.blueprints.polls.forms_planning import POLL_FORMS, values_of
from civicvote.blueprints.polls.parts import part_names
from civicvote.domain.outcomes.queries import counted_outcome as outcome_told
from civicvote.domain.polls.planning.suggestions import suggested_plan
from civicvote.domain.polls.queries import (
    ballots_cast,
    counted_outcome,
    managed_poll,
    roll_size,
    turnout_of,
    visible_poll,
)
from civicvote.domain.polls.queries_count_asked import asked_count
from civicvote.domain.polls.queries_electorates import electors_of
from civicvote.domain.polls.queries_roll import confirmed_residents
from civicvote.domain.polls.services import (
    create_poll,
    edit_poll,
    freeze_poll,
    options_of,
    plan_of,
    publish_poll,
    replace_options,
)
from civicvote.domain.polls.states import PollKind, PollState
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.verification.queries import region_rules
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region
from civicvote.web.settings import settings


def managed_url(slug: str, poll_id: int, endpoint: str = "polls.manage", **values: Any) -> str:
    return url_for(endpoint, slug=slug, poll_id=poll_id, **values)


@polls.route("/regions/<slug>/manage/rounds/<id:round_id>/polls/new", methods=["GET", "POST"])
def create(slug: str, round_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    round_ = announced_round(region.id, round_id)
    kind = PollKind.BUDGET if request.args.get("kind") == PollKind.BUDGET else PollKind.AGENDA
    minimum_age, residents = region_rules(region.id).minimum_age, confirmed_residents(region.id)
    plan = suggested_plan(kind, round_.phases, round_.envelope_amount, minimum_age, residents)
    form = POLL_FORMS[kind](data=values_of(plan, region.currency_exponent))
    if form.validate_on_submit():
        with form.refusals():
            poll = create_poll(actor=actor, round=round_, plan=form.plan(plan, region.currency_exponent))
        if not form.errors:
            return see_other(url_for("polls.options", slug=slug, poll_id=poll.id))
    return render("polls/form.html", status=form.status, form=form, kind=kind, round=round_, poll=None)


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/edit", methods=["GET", "POST"])
def edit(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = managed_poll(actor, region.id, poll_id)
    if poll.state is not PollState.DRAFT and request.method != "POST":
        return render("polls/fixed.html", poll=visible_poll(actor, region.id, poll_id))
    draft = plan_of(poll)
    form = POLL_FORMS[poll.kind](data=values_of(draft, region.currency_exponent))
    if form.validate_on_submit():
        with form.refusals():
            edit_poll(actor=actor, poll=poll, plan=form.plan(draft, region.currency_exponent))
        if not form.errors:
            return see_other(managed_url(slug, poll_id))
    return render("polls/form.html", status=form.status, form=form, kind=poll.kind, poll=poll)


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/options", methods=["GET", "POST"])
def options(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = managed_poll(actor, region.id, poll_id)
    if poll.state is not PollState.DRAFT and request.method != "POST":
        return render("polls/fixed.html", poll=visible_poll(actor, region.id, poll_id))
    candidates = candidates_for(poll.kind, region.id, poll.round_id)
    form = OptionsForm()
    if form.validate_on_submit():
        with form.refusals():
            chosen_options = options_from(candidates, form.subjects.data or [])
            replace_options(actor=actor, poll=poll, options=chosen_options, incompatible=form.incompatible())
        if not form.errors:
            return see_other(managed_url(slug, poll_id))
    chosen = form.subjects.data or [option.key for option in poll.options]
    groups = zip(GROUPS, form.incompatible() or plan_of(poll).counting.incompatible, strict=False)
    return render(
        "polls/options.html",
        status=form.status,
        form=form,
        poll=poll,
        candidates=candidates,
        chosen=chosen,
        letters=GROUPS,
        letter_of={key: letter for letter, keys in groups for key in keys},
    )


@polls.get("/regions/<slug>/manage/polls/<id:poll_id>")
def manage(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = visible_poll(actor, region.id, poll_id)
    return render(
        "polls/manage.html",
        poll=poll,
        names=part_names(poll),
        electors=Counter(each.electorate for each in electors_of(actor, region.id, poll_id)),
        on_roll=roll_size(region.id, poll_id),
        ballots=ballots_cast(actor, region.id, poll_id),
        counted=counted_outcome(actor, region.id, poll_id),
        asked=asked_count(actor, region.id, poll_id),
    )


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/freeze", methods=["GET", "POST"])
def freeze(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = managed_poll(actor, region.id, poll_id)
    form = ActForm()
    if form.validate_on_submit():
        with form.refusals():
            freeze_poll(actor=actor, poll=poll, key_folder=settings().key_path)
            put_on_ballot(poll.kind, region.id, options_of(poll))
        if not form.errors:
            return see_other(managed_url(slug, poll_id))
    view = visible_poll(actor, region.id, poll_id)
    return render("polls/freeze.html", status=form.status, form=form, poll=view, names=part_names(view))


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/publish", methods=["GET", "POST"])
def publish(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = visible_poll(actor, region.id, poll_id)
    told, form = outcome_told(actor, poll), ActForm()
    if form.validate_on_submit():
        with form.refusals():
            publish_poll(actor=actor, region_id=region.id, poll_id=poll_id, key_folder=settings().key_path)
        if not form.errors:
            return see_other(url_for("polls.outcome", slug=slug, poll_id=poll_id))
    return render(
        "polls/publish.html",
        status=form.status,
        form=form,
        poll=poll,
        told=told,
        by_key={option.key: option for option in poll.options},
        turnout=turnout_of(region.id, poll_id),
    )
