"""For those who run polls: who votes in which electorate, and how the envelope is parted. Drafts only."""

from dataclasses import replace

from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.forms import ActForm, ElectorsForm, amounts_of, envelopes_form
from civicvote.blueprints.polls.managing import managed_url
from civicvote.blueprints.polls.parts import district_names, field_names
from civicvote.domain.polls.ballots.shape import RESIDENTS
from civicvote.domain.polls.errors_planning import ElectorateUnknown
from civicvote.domain.polls.queries import managed_poll, visible_poll
from civicvote.domain.polls.queries_electorates import electors_of
from civicvote.domain.polls.services import edit_poll, options_of, plan_of
from civicvote.domain.polls.services_electorates import drop_elector, name_electors
from civicvote.domain.polls.states import PollState
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/electors/<electorate>", methods=["GET", "POST"])
def electors(slug: str, poll_id: int, electorate: str) -> ResponseReturnValue:
    """Who votes in the committee or the panel: added by address or by role, taken out one by one."""
    region, actor = current_region(), signed_in_actor()
    poll = managed_poll(actor, region.id, poll_id)
    declared = [each for each in plan_of(poll).ballot.electorates if each.key == electorate != RESIDENTS]
    if not declared:
        raise ElectorateUnknown
    form = ElectorsForm()
    if form.validate_on_submit():
        with form.refusals():
            addresses = (form.addresses.data or "").splitlines()
            name_electors(actor=actor, poll=poll, electorate=electorate, addresses=addresses, role=form.role.data)
        if not form.errors:
            return see_other(managed_url(slug, poll_id))
    return render(
        "polls/electors.html",
        status=form.status,
        form=form,
        poll=visible_poll(actor, region.id, poll_id),
        electorate=declared[0],
        named=[each for each in electors_of(actor, region.id, poll_id) if each.electorate == electorate],
    )


@polls.post("/regions/<slug>/manage/polls/<id:poll_id>/electors/<electorate>/<id:person_id>/drop")
def drop(slug: str, poll_id: int, electorate: str, person_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    poll = managed_poll(actor, region.id, poll_id)
    if ActForm().validate_on_submit():
        drop_elector(actor=actor, poll=poll, person_id=person_id)
    return see_other(managed_url(slug, poll_id, "polls.electors", electorate=electorate))


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/envelopes", methods=["GET", "POST"])
def envelopes(slug: str, poll_id: int) -> ResponseReturnValue:
    """How much of the envelope each field or district has, of which something stands on the ballot."""
    region, actor = current_region(), signed_in_actor()
    poll = managed_poll(actor, region.id, poll_id)
    plan, on_ballot = plan_of(poll), options_of(poll)
    if plan.counting.envelopes_by is None:
        return see_other(managed_url(slug, poll_id))
    is_by_district = plan.counting.envelopes_by is EnvelopesBy.DISTRICT
    parts = district_names(on_ballot) if is_by_district else field_names(region.id, poll.round_id, on_ballot)
    unit = 10**region.currency_exponent
    form = envelopes_form(parts, {key: amount // unit for key, amount in plan.counting.envelopes.items()})
    if form.validate_on_submit():
        counting = replace(plan.counting, envelopes=amounts_of(form, parts, region.currency_exponent))
        with form.refusals():
            edit_poll(actor=actor, poll=poll, plan=replace(plan, counting=counting))
        if not form.errors:
            return see_other(managed_url(slug, poll_id))
    is_draft = poll.state is PollState.DRAFT
    view = visible_poll(actor, region.id, poll_id)
    return render("polls/envelopes.html" if is_draft else "polls/fixed.html", status=form.status, form=form, poll=view)
