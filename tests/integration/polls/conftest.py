"""Open polls with residents who may vote, one of them held by keyholders."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from civicvote.db import database_clock
from civicvote.domain.accounts.models import Person
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.services import close_poll, count_poll
from civicvote.domain.regions.models import Region
from civicvote.kernel.actor import Actor
from tests.factories.keyholders import freeze_with_keyholders
from tests.factories.people import make_resident
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft, make_budget_draft


@dataclass
class OpenPoll:
    region: Region
    officer: Actor
    voters: list[Person]
    poll: Poll
    key_folder: Path

    def close(self) -> None:
        """By the schedule, an hour after the end."""
        with database_clock(lambda: self.poll.closes_at + timedelta(hours=1)):
            close_poll(actor=None, region_id=self.region.id, poll_id=self.poll.id)

    def close_and_count(self):
        self.close()
        return count_poll(
            actor=self.officer, region_id=self.region.id, poll_id=self.poll.id, key_folder=self.key_folder
        )


@pytest.fixture
def key_folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def open_agenda(session: Session, key_folder: Path) -> OpenPoll:
    region = make_region()
    voters = [make_resident(region.id) for _ in range(5)]
    poll = freeze(make_agenda_draft(region), region, key_folder)
    return OpenPoll(region, administrator(region), voters, poll, key_folder)


@pytest.fixture
def open_budget(session: Session, key_folder: Path) -> OpenPoll:
    region = make_region()
    voters = [make_resident(region.id) for _ in range(5)]
    poll = freeze(make_budget_draft(region), region, key_folder)
    return OpenPoll(region, administrator(region), voters, poll, key_folder)


@pytest.fixture
def held(session, key_folder):
    """An open poll with three keyholders of whom two are needed, and ballots in the box."""
    region = make_region()
    voters = [make_resident(region.id) for _ in range(5)]
    poll = make_agenda_draft(region)
    holders = freeze_with_keyholders(poll, region, key_folder)
    for voter, choices in zip(voters, [("lamp", "tree"), ("lamp",), ("bench", "tree"), ("lamp", "ramp")], strict=False):
        cast(voter, poll, *choices)
    return OpenPoll(region, administrator(region), voters, poll, key_folder), holders


@pytest.fixture
def draft(session):
    """A region, its administrator and a poll whose rules are not fixed."""
    region = make_region()
    return region, administrator(region), make_agenda_draft(region)


def where(open_poll) -> dict:
    return {"region_id": open_poll.region.id, "poll_id": open_poll.poll.id}


def votes_in(outcome) -> dict[str, int]:
    return {verdict.option: verdict.votes for verdict in outcome_format.read(outcome.result).verdicts}


VOTES = {"lamp": 3, "tree": 2, "bench": 1, "ramp": 1}
