"""The rules and options of a poll as one canonical text, fixed and hashed before the first ballot.

Anybody can hash the published text and compare. The closing time is not part of it: a phase may be extended with a
public reason, everything else stays.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from civicvote.domain.polls.ballots import shape as ballot_shape
from civicvote.domain.polls.ballots import styles
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.planning import counting_choice
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.roll import rule as roll_rule
from civicvote.domain.polls.roll.rule import RollRule
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, ThresholdOf
from civicvote.domain.tally.profile import Option
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import BallotType, CountingRule

#: Format 1 named its roll's rule only: whoever is confirmed and valid at freezing, or becomes so until closing.
#: Format 2 had neither ``counting`` nor ``ballot``: both are then their defaults, which had no effect on it.
FORMAT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenOption:
    """``cost_amount`` in the currency's smallest unit; ``subject_id`` is the proposal or project it stands for.

    ``is_withdrawn``: it was on the ballot of a vote held elsewhere, and no longer in its count."""

    key: str
    label: str
    summary: str = ""
    cost_amount: int = 0
    subject_id: int | None = None
    field_key: str | None = None
    district_code: str | None = None
    is_withdrawn: bool = False

    @property
    def as_counted(self) -> Option:
        return Option(
            id=self.key,
            cost=self.cost_amount,
            name=self.label,
            is_withdrawn=self.is_withdrawn,
            field=self.field_key or "",
            district=self.district_code or "",
        )


@dataclass(frozen=True, kw_only=True)
class FrozenRules:
    """Everything that decides about a poll's outcome beside the ballots. Amounts in the currency's smallest unit.

    What is computed of it is kept with it: a count asks for every one of a hundred thousand ballots."""

    poll_id: int
    region_id: int
    kind: PollKind
    ballot_type: BallotType
    min_choices: int
    max_choices: int | None
    ballot_limit_amount: int | None
    counting_rule: CountingRule
    seats: int | None
    threshold: int
    envelope_amount: int | None
    tie_break: str
    opens_at: datetime
    public_key: str
    options: tuple[FrozenOption, ...]
    roll_rule: RollRule = field(default_factory=RollRule)
    counting: CountingChoice = field(default_factory=CountingChoice)
    ballot: BallotShape = field(default_factory=BallotShape)
    keyholders_needed: int = 0
    publishes_ballots: bool = True

    @property
    def electorate_keys(self) -> tuple[str, ...]:
        return tuple(electorate.key for electorate in self.ballot.electorates) or (RESIDENTS,)

    @cached_property
    def styles(self) -> tuple[str, ...]:
        """The ballot styles beside the empty one."""
        return styles.styles_of(self.ballot, self.options)

    def style_of(self, district_code: str | None) -> str:
        """The style of the ballot for somebody who lives there."""
        return styles.style_of(self.ballot, self.options, district_code)

    @cached_property
    def ballot_rule(self) -> BallotRule:
        return ballot_shape.ballot_rule(
            self.ballot, self.ballot_type, self.min_choices, self.max_choices, self.ballot_limit_amount
        )

    @cached_property
    def tally_options(self) -> dict[str, Option]:
        return {option.key: option.as_counted for option in self.options}

    @property
    def was_held_here(self) -> bool:
        """Its ballots were sealed with a key; those of an imported poll never were."""
        return bool(self.public_key)

    @property
    def counting_parameters(self) -> CountingParameters:
        """A threshold speaks of people here, and of the sum of points where a file brought it along."""
        chosen = self.counting
        return CountingParameters(
            tie_break=TieBreak.parse(self.tie_break),
            threshold=self.threshold or None,
            threshold_of=ThresholdOf.BACKERS if self.was_held_here else ThresholdOf.SCORE,
            seats=self.seats,
            support_divisor=chosen.support_divisor,
            incompatible=chosen.incompatible,
            satisfaction=chosen.satisfaction,
            completion=chosen.completion,
            increment=chosen.increment_amount,
            most_runs=chosen.most_runs,
            compares_with_greedy=chosen.compares_with_greedy,
            envelopes=Envelopes(chosen.envelopes_by, chosen.envelopes) if chosen.envelopes_by else None,
        )


def write(rules: FrozenRules) -> str:
    """Canonical JSON: keys sorted, no spaces, texts as they are, moments in ISO 8601 UTC."""
    document: dict[str, object] = {"format": FORMAT} | asdict(rules)
    document["opens_at"] = rules.opens_at.isoformat()
    document["roll_rule"] = roll_rule.write(rules.roll_rule)
    document["counting"] = counting_choice.write(rules.counting)
    document["ballot"] = ballot_shape.write(rules.ballot)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=64)
def read(text: str) -> FrozenRules:
    """What ``write`` wrote. Kept: the text never changes, and every page and every cast of an open poll asks."""
    document = json.loads(text)
    return FrozenRules(
        **{
            **{key: value for key, value in document.items() if key != "format"},
            "kind": PollKind(document["kind"]),
            "ballot_type": BallotType(document["ballot_type"]),
            "counting_rule": CountingRule(document["counting_rule"]),
            "opens_at": datetime.fromisoformat(document["opens_at"]),
            "roll_rule": roll_rule.read(document["roll_rule"]),
            "counting": counting_choice.read(document.get("counting", {})),
            "ballot": ballot_shape.read(document.get("ballot", {})),
            "options": tuple(FrozenOption(**option) for option in document["options"]),
        }
    )


def digest(text: str) -> str:
    """SHA-256 of the canonical text, hex; ``sha256sum`` of the published file gives the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def roll_digest(voters: Iterable[tuple[int, str]]) -> str:
    """SHA-256 of the roll, for the audit chain, which holds no names. ``voters``: person id and electorate.

    One a line in ascending order of ids: the id alone for a resident, ``id:electorate`` for members of another."""
    lines = (str(voter) if electorate == RESIDENTS else f"{voter}:{electorate}" for voter, electorate in sorted(voters))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
