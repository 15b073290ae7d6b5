"""Tell of proposals that say the same: merged by both authors, or waiting for an answer (``seed/merges.toml``)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from civicvote.cli.example.people import NEIGHBOURS, neighbour
from civicvote.cli.example.scene import Scene
from civicvote.db import db
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.proposals.models import Merge, Proposal
from civicvote.domain.proposals.services import endorse, submit_proposal
from civicvote.domain.proposals.services_merging import consent_to_merge, propose_merge
from civicvote.kernel.actor import Actor

_FILE = Path(__file__).parents[2] / "seed" / "merges.toml"


@dataclass(frozen=True, slots=True)
class MergeStory:
    """``author``, ``suggested_by``: a neighbour's number or the name of a sign-in; ``agreed``: None while it waits."""

    region: str
    into: str
    title: str
    summary: str
    field: str
    place: str
    author: str
    day: float
    fans: int
    body: str
    suggested_by: str
    suggested: float
    reason: str
    agreed: float | None = None


def plan_merges(scene: Scene) -> None:
    """What happened of it in the scene's region."""
    for told in tomllib.loads(_FILE.read_text("utf-8"))["merges"]:
        story = MergeStory(**told)
        if story.region == scene.region.slug:
            _Doubled(scene, story).plan()


class _Doubled:
    """A proposal that came second."""

    proposal: Proposal
    merge: Merge

    def __init__(self, scene: Scene, told: MergeStory) -> None:
        self.scene, self.told = scene, told

    def plan(self) -> None:
        self.scene.stage.plan(self.told.day, self._propose)
        self.scene.stage.plan(self.told.day + 1.5, self._endorse)
        self.scene.stage.plan(self.told.suggested, self._suggest)
        if self.told.agreed is not None:
            self.scene.stage.plan(self.told.agreed, self._agree)

    def _person(self, who: str) -> Actor:
        return self.scene.cast.actor(neighbour(int(who)) if who.isdecimal() else f"{who}@example.org")

    def _propose(self) -> None:
        self.proposal = submit_proposal(
            actor=self._person(self.told.author),
            round=self.scene.running_round(),
            title=self.told.title,
            summary=self.told.summary,
            body=self.told.body,
            field_key=self.told.field,
            place=self.told.place,
        )

    def _endorse(self) -> None:
        """Some of them like the other one, too: united they still count once."""
        for number in self.scene.chance.sample(range(NEIGHBOURS), k=self.told.fans):
            if str(number) != self.told.author:
                endorse(actor=self.scene.cast.actor(neighbour(number)), proposal=self.proposal)

    def _leading(self) -> Proposal:
        return db.session.scalars(
            sa.select(Proposal).where(Proposal.region_id == self.proposal.region_id, Proposal.title == self.told.into)
        ).one()

    def _suggest(self) -> None:
        self.merge = propose_merge(
            actor=self._person(self.told.suggested_by),
            region_id=self.proposal.region_id,
            proposal_id=self.proposal.id,
            other_id=self._leading().id,
            reason=self.told.reason,
        )

    def _agree(self) -> None:
        """The author of the earlier one, who was asked."""
        actor = actor_of_person(self._leading().author_id)
        assert actor is not None
        consent_to_merge(actor=actor, region_id=self.proposal.region_id, merge_id=self.merge.id)
