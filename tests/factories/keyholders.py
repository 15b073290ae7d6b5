"""Keyholders of a test: named, with files, and a poll that was frozen after they opened its trial ballot."""

from dataclasses import dataclass, replace
from pathlib import Path

from civicvote.domain.accounts.models import Person
from civicvote.domain.polls.box import keyholder_files
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import (
    Opening,
    make_keyholder_file,
    make_poll_key,
    name_keyholders,
    open_trial,
)
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from tests.factories.people import actor_for, make_person
from tests.factories.polls import administrator, freeze


@dataclass(frozen=True)
class Holder:
    """A keyholder with the file at home and the passphrase in mind."""

    person: Person
    file: bytes
    passphrase: str

    @property
    def opening(self) -> Opening:
        return Opening(self.file, self.passphrase)


def with_factor(person: Person) -> Actor:
    """The actor in a session that showed a second factor just now."""
    return replace(actor_for(person), second_factor_at=clock.now())


def make_holders(poll: Poll, *, count: int = 3, needed: int = 2, officer: Actor) -> list[Holder]:
    """Keyholders of a draft, named and each with a file."""
    people = [make_person() for _ in range(count)]
    name_keyholders(actor=officer, poll=poll, addresses=[person.email or "" for person in people], needed=needed)
    return [hold(poll, person) for person in people]


def hold(poll: Poll, person: Person) -> Holder:
    """The person's new file."""
    passphrase = f"조용한 저녁 소나무 {person.id}"
    file = make_keyholder_file(
        actor=with_factor(person), region_id=poll.region_id, poll_id=poll.id, passphrase=passphrase
    )
    return Holder(person, keyholder_files.write(file).encode(), passphrase)


def freeze_with_keyholders(
    poll: Poll, region: Region, key_folder: Path, *, count: int = 3, needed: int = 2
) -> list[Holder]:
    """The whole way from a draft to a frozen poll; its keyholders."""
    officer = administrator(region)
    holders = make_holders(poll, count=count, needed=needed, officer=officer)
    make_poll_key(actor=officer, poll=poll)
    open_trial(actor=officer, poll=poll, openings=[holder.opening for holder in holders])
    freeze(poll, region, key_folder)
    return holders
