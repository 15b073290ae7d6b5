"""Fill an empty database with the living example: three rounds in three regions, told up to today."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from civicvote.cli.example.people import Cast
from civicvote.cli.example.residency import lay_down_rules, meet_twice
from civicvote.cli.example.rounds import plan_round
from civicvote.cli.example.stage import Stage, at
from civicvote.cli.example.story import read_story
from civicvote.cli.regions import DISTRICTS, FACTS
from civicvote.db import db, unit_of_work
from civicvote.domain.audit.services_heads import publish_heads
from civicvote.domain.regions.districts import read_districts
from civicvote.domain.regions.facts import read_facts
from civicvote.domain.regions.queries import region_scope
from civicvote.domain.regions.services import load_facts
from civicvote.domain.regions.services_districts import load_districts
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.web.settings import settings

_OFFICE_OPENS = 9


def example_is_loaded() -> bool:
    """Whether any round stands in the database: the example is told once, into an empty one."""
    found = db.session.scalar(sa.select(sa.exists().select_from(Round)))
    db.session.rollback()
    return bool(found)


def load_example(*, key_folder: Path, say: Callable[[str], None]) -> None:
    """Tell the example in one unit of work. ``say`` hears how far it is."""
    story = read_story()
    opening = clock.now().astimezone(CIVIC_ZONE).replace(hour=_OFFICE_OPENS, minute=0, second=0, microsecond=0)
    stage = Stage(opening)
    first_day = min(day for told in story.rounds for day, _ in told.phases.values()) - 30
    with unit_of_work():
        say("  regions and institutions")
        load_facts(read_facts(FACTS.read_text("utf-8")))
        load_districts(read_districts(DISTRICTS.read_text("utf-8").splitlines()))
        regions = [region_scope(told.region) for told in story.rounds]
        cast = Cast()
        with at(stage.moment(first_day)):
            cast.enter(story.nicknames, regions)
            lay_down_rules(cast, regions[0])
        for region, told in zip(regions, story.rounds, strict=True):
            say(f"  {told.title_en}")
            plan_round(stage=stage, cast=cast, region=region, told=told, key_folder=key_folder)
            stage.play()
        with at(stage.moment(-1)):
            meet_twice(cast, regions[0], settings().key_ring)
        for region in regions:
            publish_heads(region_id=region.id)
