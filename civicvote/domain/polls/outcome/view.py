"""An outcome beside the ballot it came from: each option with its words, its votes and the reason for its fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.outcome.explained import Explained, explain
from civicvote.domain.polls.outcome.format import DecidedTie, OptionVerdict, OutcomeRecord
from civicvote.domain.tally.ties import TieBreakKind


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """``place`` counts the selected from 1 in order of selection; None for the others."""

    option: FrozenOption
    verdict: OptionVerdict
    place: int | None


@dataclass(frozen=True, slots=True)
class TieView:
    """Tied options in the order that the tie-break gave, each with the ticket that was compared."""

    tie: DecidedTie
    tickets: tuple[tuple[FrozenOption, str], ...]


@dataclass(frozen=True)
class OutcomeView:
    """``rows`` in the order in which the rule looked at the options, then those it never looked at."""

    record: OutcomeRecord
    rows: tuple[OutcomeRow, ...]
    ties: tuple[TieView, ...]
    explained: Explained

    @cached_property
    def winners(self) -> list[OutcomeRow]:
        return [row for row in self.rows if row.place is not None]

    @cached_property
    def others(self) -> list[OutcomeRow]:
        return [row for row in self.rows if row.place is None]

    @property
    def left(self) -> int:
        """What the winners leave of the budget."""
        return self.record.budget - self.record.total_cost

    @property
    def blank_ballots(self) -> int:
        return self.record.voters - self.record.valid_ballots

    @property
    def choices(self) -> int | None:
        """All marks on all ballots; None where those of some options are withheld."""
        votes = [row.verdict.votes for row in self.rows if row.verdict.votes is not None]
        return sum(votes) if len(votes) == len(self.rows) else None

    @property
    def withholds(self) -> bool:
        """Whether numbers of small districts are left out; then the ballots are not given away either."""
        return any(row.verdict.is_withheld for row in self.rows)

    @property
    def counts_points(self) -> bool:
        """Whether scores are points and not numbers of ballots."""
        return any(row.verdict.score != row.verdict.votes for row in self.rows)

    @property
    def has_lot(self) -> bool:
        return self.record.parameters.tie_break.kind is TieBreakKind.SEEDED_LOT

    @property
    def seed(self) -> str:
        return self.record.parameters.tie_break.seed


def view(record: OutcomeRecord, options: Sequence[FrozenOption]) -> OutcomeView:
    by_key = {option.key: option for option in options}
    places = {key: place for place, key in enumerate(record.selected, start=1)}
    tie_break = record.parameters.tie_break
    return OutcomeView(
        record=record,
        rows=tuple(
            OutcomeRow(by_key[verdict.option], verdict, places.get(verdict.option)) for verdict in record.verdicts
        ),
        ties=tuple(
            TieView(tie, tuple((by_key[key], tie_break.ticket(key)) for key in tie.options)) for tie in record.ties
        ),
        explained=explain(record, by_key),
    )
