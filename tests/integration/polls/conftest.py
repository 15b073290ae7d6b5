"""An open agenda poll and an open budget poll, each with residents who may vote."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from civicvote.db import database_clock
from civicvote.domain.accounts.models import Person
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import close_poll, count_poll
from civicvote.domain.regions.models import Region
from civicvote.kernel.actor import Actor
from tests.factories.people import make_resident
from tests.factories.places import make_region
from tests.factories.polls import administrator, freeze, make_agenda_draft, make_budget_draft


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
