"""Tell one round of the living example, each step on its day and by the person whose work it is."""

import random
from pathlib import Path

from civicvote.cli.example import spending
from civicvote.cli.example.merging import plan_merges
from civicvote.cli.example.opinions import plan_opinions
from civicvote.cli.example.people import Cast
from civicvote.cli.example.preparing import plan_draft
from civicvote.cli.example.rating import plan_ratings
from civicvote.cli.example.round_table import plan_round_table
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.speaking import plan_voices, rules_of
from civicvote.cli.example.stage import Stage
from civicvote.cli.example.story import RoundStory
from civicvote.cli.example.talking import Talk
from civicvote.cli.example.voting import ADMINISTRATOR, Votes
from civicvote.cli.example.writing import Writing
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.rounds.fields import FieldName
from civicvote.domain.rounds.schedule import Span
from civicvote.domain.rounds.services import RoundDetails, announce_round, create_round
from civicvote.kernel.phases import Phase

_DAYS_OF_NOTICE = 7


def plan_round(*, stage: Stage, cast: Cast, region: RegionScope, told: RoundStory, key_folder: Path) -> None:
    """Put everything that happened in the round up to today on the stage."""
    chance = random.Random(told.region)  # noqa: S311  (a story, no secret)
    scene = Scene(stage, cast, region, told, key_folder, chance)
    stage.plan(told.phases[Phase.DISCOVERY][0] - _DAYS_OF_NOTICE, lambda: _announce(scene))
    talk = Talk(scene)
    talk.plan()
    plan_voices(scene, talk)
    plan_merges(scene)
    if told.story == "discussing":
        plan_ratings(scene, talk)
        plan_opinions(scene)
        Writing(scene, talk).plan()
        plan_round_table(scene)
        plan_draft(scene)
        return
    votes = Votes(scene, talk)
    votes.plan_agenda_vote()
    votes.plan_budget_vote()
    if told.story == "spending":
        spending.plan(stage, cast=cast, told=told, funded=votes.funded)


def _announce(scene: Scene) -> None:
    administrator = scene.cast.actor(ADMINISTRATOR)
    scene.round = create_round(
        actor=administrator,
        region_id=scene.region.id,
        details=RoundDetails(
            year=scene.told.year,
            title_ko=scene.told.title_ko,
            title_en=scene.told.title_en,
            summary_ko=scene.told.summary_ko,
            summary_en=scene.told.summary_en,
            envelope_amount=scene.told.envelope,
            spans=[
                Span(phase, scene.stage.moment(first), scene.stage.moment(last))
                for phase, (first, last) in scene.told.phases.items()
            ],
            fields=[FieldName(*names) for names in scene.told.fields],
            rules=rules_of(scene.told.story),
        ),
    )
    announce_round(actor=administrator, round=scene.running_round())
