"""The poll's key: made for the key file or for the keyholders, joined from their files, forgotten after the count.

The private half never touches the database. With keyholders it is in memory only, twice: of the request that makes it
and seals its shares, and of the process that opens the box until it is counted, if that is done here at all.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.box import keyholder_files, keys, sealing, shares
from civicvote.domain.polls.errors import TrialBallotFailed
from civicvote.domain.polls.errors_sealing import (
    KeyholderFileUnusable,
    NoKeyholders,
    PassphraseWrong,
    PollKeyNotMade,
    TooFewShares,
    TrialMissing,
)
from civicvote.domain.polls.models import KeyCeremony, Keyholder, Poll
from civicvote.kernel import ids

_TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Opening:
    """A keyholder's file as it was uploaded, and the passphrase."""

    content: bytes = field(repr=False)
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class JoinedKey:
    """``keyholders``: the numbers of those whose files were used."""

    private_key: str = field(repr=False)
    keyholders: list[int]


def public_key_for(poll: Poll, folder: Path) -> str:
    """The public half to which a poll's ballots are sealed from freezing on.

    Raises ``TrialMissing``, ``PollKeyNotMade``, ``KeyFolderUnusable``, ``TrialBallotFailed``."""
    if not poll.keyholders_needed:
        return _make_key_file(folder, poll.id)
    ceremony = db.session.get(KeyCeremony, (poll.region_id, poll.id))
    if ceremony is None:
        raise PollKeyNotMade
    if poll.trial_unsealed_at is None:
        raise TrialMissing
    return ceremony.public_key


def verify_key_of(poll: Poll) -> str:
    """By which a file of unsealed ballots is known to come from the keyholders. Raises ``PollKeyNotMade``."""
    ceremony = db.session.get(KeyCeremony, (poll.region_id, poll.id))
    if ceremony is None:
        raise PollKeyNotMade
    return ceremony.verify_key


def keyholders_of(poll: Poll) -> list[Keyholder]:
    """By number."""
    return list(
        db.session.scalars(
            sa.select(Keyholder)
            .where(Keyholder.region_id == poll.region_id, Keyholder.poll_id == poll.id)
            .order_by(Keyholder.number)
        )
    )


def joined_key(poll: Poll, openings: Sequence[Opening]) -> JoinedKey:
    """The private key from enough keyholders' files; a file given twice counts once, an empty one not at all.

    Raises ``NoKeyholders``, ``KeyholderFileUnusable``, ``PassphraseWrong``, ``TooFewShares``."""
    holders = {holder.number: holder for holder in keyholders_of(poll)}
    if not holders:
        raise NoKeyholders
    found = {}
    for place, opening in enumerate(openings, start=1):
        if not opening.content:
            continue
        number, share = _share_in(poll, holders, opening, place)
        found[number] = share
    if len(found) < poll.keyholders_needed:
        raise TooFewShares(given=len(found), needed=poll.keyholders_needed)
    try:
        private_key = shares.join(list(found.values()), needed=poll.keyholders_needed)
    except shares.SharesDoNotFit as error:
        raise KeyholderFileUnusable(place=len(openings)) from error
    return JoinedKey(private_key, sorted(found))


def _share_in(poll: Poll, holders: dict[int, Keyholder], opening: Opening, place: int) -> tuple[int, str]:
    try:
        file = keyholder_files.read(opening.content)
        holder = holders.get(file.number)
        if holder is None or holder.sealed_share is None or file.poll != ids.encode(poll.id):
            raise KeyholderFileUnusable(place=place, field=f"file_{place}")
        share = keyholder_files.open_share(file, passphrase=opening.passphrase, sealed_share=bytes(holder.sealed_share))
    except keyholder_files.NoKeyholderFile as error:
        raise KeyholderFileUnusable(place=place, field=f"file_{place}") from error
    except keyholder_files.WrongPassphrase as error:
        raise PassphraseWrong(place=place, field=f"passphrase_{place}") from error
    if holder.share_proof is not None and not is_proof(holder, keyholder_files.proof_of(share)):
        raise KeyholderFileUnusable(place=place, field=f"file_{place}")
    return file.number, share


def hash_of(secret: str) -> str:
    """As what somebody is to tell is kept: SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_proof(holder: Keyholder, proof: str) -> bool:
    """Whether only who opened the holder's share can have told this."""
    return holder.share_proof is not None and hmac.compare_digest(hash_of(proof), holder.share_proof)


def forget_shares(poll: Poll) -> None:
    """The ballots are counted: what the server held of the shares goes, sealed as it is."""
    db.session.execute(
        sa.update(Keyholder)
        .where(Keyholder.region_id == poll.region_id, Keyholder.poll_id == poll.id)
        .values(sealed_share=None)
    )


def _make_key_file(folder: Path, poll_id: int) -> str:
    """A key pair whose private half lies in the folder, tried with a ballot. The public half.

    A file that is there already is left from a freezing that was rolled back: the poll is a draft under its exclusive
    lock, so nothing was ever sealed to it."""
    keys.destroy(folder, poll_id)
    pair = sealing.new_key_pair()
    keys.store(folder, poll_id, pair.private)
    trial = sealing.seal(_TRIAL, public_key=pair.public, size=sealing.content_size(len(_TRIAL)))
    try:
        came_back = sealing.Opener(keys.load(folder, poll_id)).unseal(trial)
    except sealing.Unopenable as error:
        raise TrialBallotFailed from error
    if came_back != _TRIAL:
        raise TrialBallotFailed
    return pair.public
