"""The rounds of a region and one round, as residents see them."""

from collections.abc import Iterable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.rounds.blueprint import rounds
from civicvote.domain.lifecycle.queries import round_facts
from civicvote.domain.polls.states import PollState
from civicvote.domain.proposals.ladder import rungs_of
from civicvote.domain.proposals.queries_drafts import drafts_by
from civicvote.domain.rounds.queries import announced_round, extensions_of, rounds_of
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.rounds.schedule import PhaseStanding, ScheduledPhase, standing, timeline
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render
from civicvote.web.labels import label
from civicvote.web.phase_guide import PHASE_GUIDE, acts_in
from civicvote.web.scope import current_region


@rounds.get("/regions/<slug>/rounds")
def index(slug: str) -> ResponseReturnValue:
    page = rounds_of(current_region().id, cursor=request.args.get("after"))
    now = clock.now()
    return render(
        "rounds/index.html",
        fragment="rounds/_rows.html",
        rows=[(each, standing(each.phases, now)) for each in page.items],
        next_cursor=page.next_cursor,
    )


@rounds.get("/regions/<slug>/rounds/<id:round_id>")
def show(slug: str, round_id: int) -> ResponseReturnValue:
    round_ = announced_round(current_region().id, round_id)
    facts, rules = round_facts(round_), RoundRules.from_json(round_.rules)
    return render(
        "rounds/show.html",
        round=round_,
        standing=standing(round_.phases, clock.now()),
        phases=picture_of(round_.phases, slug, round_id),
        guide=PHASE_GUIDE,
        acts_in=acts_in,
        own_drafts=_drafts_of(round_id),
        door_url=door_url,
        facts=facts,
        polls=[poll for poll in facts.polls if poll.state is not PollState.DRAFT],
        rules=rules,
        rungs=rungs_of(rules),
        extensions=extensions_of(round_.region_id, round_.id),
    )


def _drafts_of(round_id: int) -> int:
    """How many drafts for this round wait for the person who looks."""
    actor = current_actor()
    return sum(each.draft.round_id == round_id for each in drafts_by(actor)) if actor else 0


def door_url(phase: Phase, slug: str, round_id: int) -> str:
    """Where the phase's button leads."""
    guide = PHASE_GUIDE[phase]
    if guide.is_of_round:
        return url_for(guide.endpoint, slug=slug, round_id=round_id)
    return url_for(guide.endpoint, slug=slug)


def picture_of(phases: Iterable[ScheduledPhase], slug: str, round_id: int) -> list[dict[str, Any]]:
    """The timeline picture's entries; the phase under way leads through its door."""
    return [
        {
            "phase": entry.phase,
            "label": label(entry.phase),
            "starts_at": entry.starts_at,
            "ends_at": entry.ends_at,
            "state": entry.state,
            "url": door_url(entry.phase, slug, round_id) if entry.state is PhaseStanding.CURRENT else None,
        }
        for entry in timeline(phases, clock.now())
    ]
