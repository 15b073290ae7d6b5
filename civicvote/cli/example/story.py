"""The words of the living example, as ``seed/example.toml`` holds them. Days count from today; earlier is negative."""

import dataclasses
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from civicvote.domain.polls.ballots.kinds import BallotKind
from civicvote.domain.proposals.spots import NOWHERE, Spot, read_spot
from civicvote.domain.threads.stance import Stance
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import CountingRule

_FILE = Path(__file__).parents[2] / "seed" / "example.toml"


@dataclass(frozen=True, slots=True)
class CommentStory:
    author: int
    day: int
    body: str
    stance: Stance = Stance.NEUTRAL
    replies: tuple["CommentStory", ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectStory:
    """What an officer makes of the agenda item. ``cost`` in won."""

    cost: int
    department: str
    place: str
    summary: str


@dataclass(frozen=True, slots=True)
class ProposalStory:
    """``weight``: how much residents like it, against the others of its round; ``tastes``: how much another electorate
    does, where that differs. ``pictures``: a drawing, its caption. ``spot``: district, latitude, longitude."""

    title: str
    summary: str
    field: str
    place: str
    author: int
    day: int
    endorsements: int
    body: str
    weight: int
    project: ProjectStory | None
    comments: tuple[CommentStory, ...]
    pictures: tuple[tuple[str, str], ...] = ()
    spot: Spot = NOWHERE
    tastes: dict[str, int] = dataclasses.field(default_factory=dict)

    def liked_by(self, electorate: str) -> int:
        return self.tastes.get(electorate, self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteStory:
    """A poll and how it went: ``most`` options on a ballot, ``voted`` of the round's voters cast one.

    ``seats``: of an agenda poll. ``weights``: electorate → its weight, where there are several; ``members``: how many
    of the voters belong to each but the residents. ``keyholders_needed``: 0 where the key lies in a file."""

    ballot: BallotKind
    rule: CountingRule
    most: int
    voted: int
    description_ko: str
    description_en: str
    seats: int | None = None
    weights: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    keyholders_needed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStory:
    """``story``: how far it is told, one of discussing, voting, spending."""

    region: str
    story: str
    year: int
    title_ko: str
    title_en: str
    summary_ko: str
    summary_en: str
    envelope: int
    phases: dict[Phase, tuple[int, int]]
    fields: list[tuple[str, str, str]]
    proposals: tuple[ProposalStory, ...] = field(default=())
    voters: int = 0
    agenda_vote: VoteStory | None = None
    budget_vote: VoteStory | None = None


@dataclass(frozen=True, slots=True)
class Story:
    nicknames: list[str]
    rounds: tuple[RoundStory, ...]


@cache
def read_story() -> Story:
    told = tomllib.loads(_FILE.read_text("utf-8"))
    return Story(told["nicknames"], tuple(_round(each) for each in told["rounds"]))


def _round(told: dict[str, Any]) -> RoundStory:
    return RoundStory(
        **{
            **told,
            "phases": {Phase(name): (first, last) for name, first, last in told["phases"]},
            "fields": [(key, name_ko, name_en) for key, name_ko, name_en in told["fields"]],
            "proposals": tuple(_proposal(each) for each in told["proposals"]),
            "agenda_vote": _vote(told.get("agenda_vote")),
            "budget_vote": _vote(told.get("budget_vote")),
        }
    )


def _vote(told: dict[str, Any] | None) -> VoteStory | None:
    if told is None:
        return None
    return VoteStory(**{**told, "ballot": BallotKind(told["ballot"]), "rule": CountingRule(told["rule"])})


def _proposal(told: dict[str, Any]) -> ProposalStory:
    project = told.get("project")
    return ProposalStory(
        **{
            **told,
            "weight": told.get("weight", 5),
            "project": ProjectStory(**project) if project else None,
            "comments": tuple(_comment(each) for each in told.get("comments", ())),
            "spot": _spot(*told["spot"]) if "spot" in told else NOWHERE,
            "pictures": tuple((drawing, caption) for drawing, caption in told.get("pictures", ())),
        }
    )


def _spot(district: str, latitude: str, longitude: str) -> Spot:
    return read_spot(district_code=district, latitude=latitude, longitude=longitude)


def _comment(told: dict[str, Any]) -> CommentStory:
    return CommentStory(
        author=told["author"],
        day=told["day"],
        body=told["body"],
        stance=Stance(told.get("stance", Stance.NEUTRAL)),
        replies=tuple(_comment(reply) for reply in told.get("replies", ())),
    )
