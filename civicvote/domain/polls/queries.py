"""Reads of polls: one poll with its options, lists, a voter's own standing, the published outcome. Plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import shape as ballot_shape
from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.errors import OutcomeNotPublished, UnknownPoll
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.models import Envelope, Outcome, Poll, PollOption, RollEntry, Turnout
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.format import OutcomeRecord
from civicvote.domain.polls.planning import counting_choice, window
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.policy import may_manage, may_see, require_manager
from civicvote.domain.polls.roll.rule import RollRule
from civicvote.domain.polls.states import Channel, PollKind, PollState, Standing
from civicvote.domain.rounds.models import Round, RoundPhase
from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.voting import BallotType, CountingRule

PAGE_SIZE = 20
_MOST_CURRENT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSummary:
    """A poll in a list. ``opens_at`` and ``closes_at`` are when it really opens and closes, phase included."""

    id: int
    region_id: int
    round_id: int
    round_title_ko: str
    round_title_en: str
    kind: PollKind
    title_ko: str
    title_en: str
    state: PollState
    standing: Standing
    opens_at: datetime
    closes_at: datetime
    options: int
    ballots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollView:
    """A poll with its options. Amounts in the currency's smallest unit."""

    id: int
    region_id: int
    round_id: int
    round_title_ko: str
    round_title_en: str
    kind: PollKind
    title_ko: str
    title_en: str
    description_ko: str
    description_en: str
    ballot_type: BallotType
    min_choices: int
    max_choices: int | None
    ballot_limit_amount: int | None
    counting_rule: CountingRule
    seats: int | None
    threshold: int
    envelope_amount: int | None
    minimum_age: int
    keyholders_needed: int
    trial_unsealed_at: datetime | None
    tie_break: str
    opens_at: datetime
    closes_at: datetime
    state: PollState
    standing: Standing
    frozen_at: datetime | None
    frozen_hash: str | None
    frozen_rules: str | None
    public_key: str | None
    closed_at: datetime | None
    counted_at: datetime | None
    published_at: datetime | None
    source: str
    publishes_ballots: bool
    counting: CountingChoice
    ballot: BallotShape
    options: tuple[FrozenOption, ...]

    @property
    def ballot_rule(self) -> BallotRule:
        return ballot_shape.ballot_rule(
            self.ballot, self.ballot_type, self.min_choices, self.max_choices, self.ballot_limit_amount
        )

    @property
    def ties(self) -> TieBreak:
        return TieBreak.parse(self.tie_break)

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN

    @property
    def roll_rule(self) -> RollRule:
        """Who may vote; of a draft, what is known of it already."""
        if self.frozen_rules is None:
            return RollRule(minimum_age=self.minimum_age)
        return freezing.read(self.frozen_rules).roll_rule


_COMPUTED = {"round_title_ko", "round_title_en", "standing", "options", "ballots"}


def _columns(view: type[PollSummary] | type[PollView]) -> list[Any]:
    return [getattr(Poll, name) for name in view.__dataclass_fields__ if name not in _COMPUTED]


def _with_phase(*more: Any) -> sa.Select[Any]:
    """Polls with their round's titles and the span of the phase that they live in, if the round has it."""
    phase_of_kind = sa.case(
        {kind.value: phase.value for kind, phase in window.PHASE_OF_KIND.items()}, value=sa.cast(Poll.kind, sa.String)
    )
    return (
        sa.select(
            *more,
            Round.title_ko.label("round_title_ko"),
            Round.title_en.label("round_title_en"),
            RoundPhase.starts_at.label("phase_starts_at"),
            RoundPhase.ends_at.label("phase_ends_at"),
        )
        .join(Round, (Round.region_id == Poll.region_id) & (Round.id == Poll.round_id))
        .outerjoin(
            RoundPhase,
            (RoundPhase.region_id == Poll.region_id)
            & (RoundPhase.round_id == Poll.round_id)
            & (sa.cast(RoundPhase.phase, sa.String) == phase_of_kind),
        )
    )


def _in_time(row: Any) -> dict[str, Any]:
    """The row's columns with the effective times and how the poll stands to the clock now."""
    values = dict(row._mapping)
    opens_at = window.effective_opening(values["opens_at"], values.pop("phase_starts_at"))
    closes_at = window.effective_closing(values["closes_at"], values.pop("phase_ends_at"))
    standing = window.standing(values["state"], opens_at, closes_at, clock.now())
    return values | {"opens_at": opens_at, "closes_at": closes_at, "standing": standing}


def visible_poll(actor: Actor | None, region_id: int, poll_id: int) -> PollView:
    """A poll that this reader may see, with its options. Raises ``UnknownPoll``. Two statements."""
    row = db.session.execute(
        _with_phase(*_columns(PollView)).where(Poll.region_id == region_id, Poll.id == poll_id)
    ).first()
    if row is None or not may_see(actor, region_id, row.state):
        raise UnknownPoll
    options = db.session.execute(
        sa.select(*(getattr(PollOption, name) for name in FrozenOption.__dataclass_fields__))
        .where(PollOption.region_id == region_id, PollOption.poll_id == poll_id)
        .order_by(PollOption.position, PollOption.key)
    )
    values = _in_time(row)
    values["counting"] = counting_choice.read(values["counting"])
    values["ballot"] = ballot_shape.read(values["ballot"])
    return PollView(**values, options=tuple(FrozenOption(**option._mapping) for option in options))


def managed_poll(actor: Actor, region_id: int, poll_id: int) -> Poll:
    """The poll's row for somebody who runs polls here. Raises ``NotPermitted``, ``UnknownPoll``."""
    require_manager(actor, region_id)
    poll = db.session.get(Poll, (region_id, poll_id))
    if poll is None:
        raise UnknownPoll
    return poll


def _summaries(statement: sa.Select[Any]) -> list[PollSummary]:
    return [PollSummary(**_in_time(row)) for row in db.session.execute(statement)]


def _listed(region_id: int) -> sa.Select[Any]:
    options = (
        sa.select(sa.func.count())
        .where(PollOption.region_id == Poll.region_id, PollOption.poll_id == Poll.id)
        .correlate(Poll)
        .scalar_subquery()
    )
    ballots = (
        sa.select(sa.func.coalesce(sa.func.sum(Turnout.ballots), 0))
        .where(Turnout.region_id == Poll.region_id, Turnout.poll_id == Poll.id)
        .correlate(Poll)
        .scalar_subquery()
    )
    return _with_phase(
        *_columns(PollSummary), options.label("options"), sa.cast(ballots, sa.BigInteger).label("ballots")
    ).where(Poll.region_id == region_id)


def current_polls(actor: Actor | None, region_id: int) -> list[PollSummary]:
    """What is open, comes, waits for its count, and for officers what is prepared; the first to close first.

    At most 50: a round has few polls, and those that are over go to ``finished_polls`` once they are published."""
    states = [state for state in PollState if state is not PollState.PUBLISHED]
    if not may_manage(actor, region_id):
        states.remove(PollState.DRAFT)
    return _summaries(
        _listed(region_id).where(Poll.state.in_(states)).order_by(Poll.closes_at, Poll.id).limit(_MOST_CURRENT)
    )


def finished_polls(region_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[PollSummary]:
    """Polls with a published outcome, newest first. One statement."""
    statement = _listed(region_id).where(Poll.state == PollState.PUBLISHED)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Poll.id < keys[0])
    return page_of(
        _summaries(statement.order_by(Poll.id.desc()).limit(size + 1)), size, cursor=lambda poll: write_cursor(poll.id)
    )


def published_outcome(region_id: int, poll_id: int) -> OutcomeRecord:
    """What the poll's own rule made of the ballots. Raises ``UnknownPoll``, ``OutcomeNotPublished``."""
    row = db.session.execute(
        sa.select(Poll.state, Outcome.result)
        .outerjoin(
            Outcome,
            (Outcome.region_id == Poll.region_id) & (Outcome.poll_id == Poll.id) & (Outcome.rule == Poll.counting_rule),
        )
        .where(Poll.region_id == region_id, Poll.id == poll_id)
    ).first()
    if row is None:
        raise UnknownPoll
    if row.state is not PollState.PUBLISHED or row.result is None:
        raise OutcomeNotPublished
    return outcome_format.read(row.result)


def counted_outcome(actor: Actor, region_id: int, poll_id: int) -> OutcomeRecord | None:
    """The outcome for an officer who decides about publishing it; None before counting. Raises ``NotPermitted``."""
    require_manager(actor, region_id)
    stored = db.session.scalar(
        sa.select(Outcome.result)
        .join(Poll, (Poll.region_id == Outcome.region_id) & (Poll.id == Outcome.poll_id))
        .where(Outcome.region_id == region_id, Outcome.poll_id == poll_id, Outcome.rule == Poll.counting_rule)
    )
    return outcome_format.read(stored) if stored else None


@dataclass(frozen=True, slots=True)
class TurnoutView:
    """``on_roll`` is 0 where nobody knows who could have voted, as in imported polls."""

    on_roll: int
    by_channel: tuple[tuple[Channel, int], ...]

    @property
    def ballots(self) -> int:
        return sum(number for _, number in self.by_channel)


def turnout_of(region_id: int, poll_id: int) -> TurnoutView:
    """How many could vote, and how many did by which channel: counted at closing. One statement."""
    on_roll = (
        sa.select(sa.func.count())
        .where(RollEntry.region_id == region_id, RollEntry.poll_id == poll_id)
        .scalar_subquery()
    )
    rows: Sequence[Any] = db.session.execute(
        sa.select(on_roll.label("on_roll"), Turnout.channel, Turnout.ballots)
        .select_from(Poll)
        .outerjoin(Turnout, (Turnout.region_id == Poll.region_id) & (Turnout.poll_id == Poll.id))
        .where(Poll.region_id == region_id, Poll.id == poll_id)
        .order_by(Turnout.channel)
    ).all()
    by_channel = tuple((row.channel, row.ballots) for row in rows if row.channel is not None)
    return TurnoutView(rows[0].on_roll if rows else 0, by_channel)


def roll_size(region_id: int, poll_id: int) -> int:
    statement = sa.select(sa.func.count()).where(RollEntry.region_id == region_id, RollEntry.poll_id == poll_id)
    return db.session.scalar(statement) or 0


def ballots_cast(actor: Actor, region_id: int, poll_id: int) -> int:
    """How many ballots are in the box now, for officers. Raises ``NotPermitted``."""
    require_manager(actor, region_id)
    statement = sa.select(sa.func.count()).where(Envelope.region_id == region_id, Envelope.poll_id == poll_id)
    return db.session.scalar(statement) or 0
