"""A poll that is over under other rules: what would have come of it. Everything stands in the address."""

from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.forms_simulator import SimulatorForm
from civicvote.blueprints.polls.parts import part_names
from civicvote.domain.outcomes.comparison import difference
from civicvote.domain.outcomes.queries import published_outcome
from civicvote.domain.outcomes.queries_simulating import is_kept, rules_of_trial, try_rules
from civicvote.domain.outcomes.simulation import Simulated
from civicvote.domain.polls.queries import PollView, visible_poll
from civicvote.web import throttle
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit


@polls.get("/regions/<slug>/polls/<id:poll_id>/simulator")
def simulator(slug: str, poll_id: int) -> ResponseReturnValue:
    actor, region = current_actor(), current_region()
    poll = visible_poll(actor, region.id, poll_id)
    form = SimulatorForm(rules_of_trial(actor, poll), region.currency_exponent)
    told = published_outcome(poll)
    simulated = _simulated(poll, form) if form.is_tried and form.validate() else None
    return render(
        "polls/simulator.html",
        status=form.status,
        poll=poll,
        told=told,
        form=form,
        simulated=simulated,
        flips=difference(told.comparison.own, simulated.selection) if simulated else None,
        by_key={option.key: option for option in poll.options},
        names=part_names(poll),
    )


def _simulated(poll: PollView, form: SimulatorForm) -> Simulated | None:
    """None where the form says why not. What was tried before costs nobody anything."""
    with form.refusals():
        trial = form.trial()
        if not is_kept(poll, trial):
            throttle.spend(Limit.SIMULATION, throttle.client_network())
        return try_rules(poll, form.rules, trial)
    return None
