"""Polls that are over: ballots as if unsealed, counted by the services of counting, published."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from civicvote.db import db
from civicvote.domain.outcomes.ballots import electorates
from civicvote.domain.outcomes.queries_ballots import opened_ballots
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape, Electorate
from civicvote.domain.polls.models import Outcome, Poll, Turnout
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.roll import strata
from civicvote.domain.polls.services_counting import store_ballots
from civicvote.domain.polls.services_electorates import name_electors
from civicvote.domain.polls.states import Channel, PollState
from civicvote.domain.regions.models import Region
from civicvote.domain.tally.counting import count_electorates
from civicvote.domain.tally.electorates import together
from civicvote.kernel import clock, ids
from civicvote.kernel.voting import CountingRule
from tests.factories.people import make_resident
from tests.factories.polls import administrator, freeze, make_agenda_draft, make_budget_draft


@dataclass(frozen=True)
class Cast:
    """``times`` equal ballots."""

    choices: tuple[str, ...] | dict[str, int]
    times: int = 1
    electorate: str = RESIDENTS
    style: str = ""

    @property
    def text(self) -> str:
        chosen = sorted(self.choices) if isinstance(self.choices, tuple) else dict(sorted(self.choices.items()))
        return json.dumps(chosen, separators=(",", ":"))


def publish_with(poll: Poll, ballots: Iterable[Cast], *, is_compared: bool = True) -> Poll:
    """The frozen poll with these ballots, counted and published."""
    cast = list(ballots)
    store_ballots(poll, ((each.text, each.electorate, each.style) for each in cast for _ in range(each.times)))
    rules = freezing.read(poll.frozen_rules or "")
    voting = electorates(opened_ballots(poll.region_id, poll.id), rules)
    result = count_electorates(rules.counting_rule, voting, rules.counting_parameters)
    db.session.add(
        Outcome(
            region_id=poll.region_id,
            poll_id=poll.id,
            rule=rules.counting_rule,
            result=outcome_format.write(result, together(voting).supporters, {}),
            computed_at=clock.now(),
        )
    )
    number = sum(each.times for each in cast)
    db.session.add(Turnout(region_id=poll.region_id, poll_id=poll.id, channel=Channel.WEB, ballots=number))
    poll.state, poll.closed_at, poll.counted_at, poll.published_at = PollState.PUBLISHED, *[clock.now()] * 3
    db.session.flush()
    if is_compared:
        compare_rules(region_id=poll.region_id, poll_id=poll.id)
    db.session.commit()
    return poll


def make_published_budget(
    region: Region,
    key_folder: Path,
    ballots: Iterable[Cast],
    *,
    is_compared: bool = True,
    counting_rule: CountingRule = CountingRule.EQUAL_SHARES,
    **changes: object,
) -> Poll:
    values = {"counting": CountingChoice(increment_amount=100_000)} | changes
    poll = freeze(make_budget_draft(region, counting_rule=counting_rule, **values), region, key_folder)
    return publish_with(poll, ballots, is_compared=is_compared)


def make_weighed_agenda(region: Region, key_folder: Path, weights: tuple[int, int], **changes: object) -> Poll:
    """A frozen agenda poll of residents and a panel, each large enough to be shown."""
    bodies = Electorate("residents", "주민", "Residents", weights[0]), Electorate("panel", "패널", "Panel", weights[1])
    draft = make_agenda_draft(region, ballot=BallotShape(electorates=bodies), **changes)
    people = [make_resident(region.id) for _ in range(2 * strata.FEWEST)]
    panel = [person.email or "" for person in people[strata.FEWEST :]]
    name_electors(actor=administrator(region), poll=draft, electorate="panel", addresses=panel)
    return freeze(draft, region, key_folder)


def address_of(region: Region, poll: Poll, page: str = "outcome") -> str:
    return f"/regions/{region.slug}/polls/{ids.encode(poll.id)}/{page}"
