"""Tell of keyholders: named by an officer, each with a file and a passphrase, and together at the trial and the count.

Their files are kept nowhere: what they open is counted, and as long as there is no key each can make another one."""

import secrets
from dataclasses import replace

from civicvote.cli.example.people import holders
from civicvote.cli.example.scene import Scene
from civicvote.domain.polls.box import keyholder_files
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import (
    Opening,
    make_keyholder_file,
    make_poll_key,
    name_keyholders,
    open_trial,
)
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role

KEYHOLDERS = (holders(Role.OBSERVER), holders(Role.REVIEWER), holders(Role.MODERATOR))
"""People of different offices, so that nobody commands enough of them."""


def name_them(scene: Scene, poll: Poll, needed: int) -> None:
    administrator = scene.cast.actor(holders(Role.ADMINISTRATOR))
    name_keyholders(actor=administrator, poll=poll, addresses=KEYHOLDERS, needed=needed)


def make_file(scene: Scene, poll: Poll, email: str) -> Opening:
    """The holder's file, and the passphrase that only the holder knows."""
    passphrase = secrets.token_hex(keyholder_files.LEAST_PASSPHRASE)
    holder = replace(scene.cast.actor(email), second_factor_at=clock.now())
    file = make_keyholder_file(actor=holder, region_id=poll.region_id, poll_id=poll.id, passphrase=passphrase)
    return Opening(keyholder_files.write(file).encode(), passphrase)


def hold_ceremony(scene: Scene, poll: Poll, needed: int) -> list[Opening]:
    """From the names to a trial ballot that each of them opened; the files of as many as are needed."""
    administrator = scene.cast.actor(holders(Role.ADMINISTRATOR))
    name_them(scene, poll, needed)
    openings = [make_file(scene, poll, email) for email in KEYHOLDERS]
    make_poll_key(actor=administrator, poll=poll)
    open_trial(actor=administrator, poll=poll, openings=openings)
    return openings[:needed]
