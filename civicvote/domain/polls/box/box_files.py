"""The sealed box and the unsealed ballots as files, for keyholders who open it on a machine of their own.

A box is a line of JSON (what it is, the fixed rules, the sealed shares, the Merkle root of its receipts) and then one
envelope a line in Base64, in the order of the receipts. Receipts are hashes of envelopes, so the root tells whether the
box is whole. The ballots' file is a line of JSON, then one ballot a line in ascending order, then the signature of all
of it with the poll's own key: who opens the same box gets the same file, byte for byte, and can compare its hash.
"""

import binascii
import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots.choices import UnreadableBallot
from civicvote.domain.polls.box import ballots_signing, merkle, sealed_ballot, sealing
from civicvote.domain.polls.box.opening import open_envelope
from civicvote.domain.polls.box.sealed_ballot import SealedBallot
from civicvote.domain.polls.errors_sealing import BallotsFileUnusable, BoxUnusable
from civicvote.domain.polls.freezing import FrozenRules
from civicvote.domain.tally.ballot_rules import BrokenBallotRule

BOX = "civicvote sealed box 1"
TRIAL = "civicvote trial ballot 1"
BALLOTS = "civicvote unsealed ballots 1"
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading a file raises that nobody wrote here."""
_LONGEST_LINE = 1 << 20
"""Bytes: many times a ballot of every option, and little to hold in memory."""


@dataclass(frozen=True, slots=True)
class BoxHead:
    """``poll``: as in addresses. ``verify_key``: of the signature under the ballots' file. ``rules``: the fixed text,
    empty on a trial. ``shares``: number of the keyholder to the sealed share, hex. ``receipts_root``: of the envelopes,
    hex."""

    kind: str
    poll: str
    public_key: str
    verify_key: str
    needed: int
    shares: Mapping[int, str]
    receipts_root: str
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    head: BoxHead
    envelopes: tuple[bytes, ...]


def write_box(head: BoxHead, envelopes: Iterable[bytes]) -> Iterator[str]:
    """Line by line; ``envelopes`` in the order of their receipts."""
    shares = {str(number): share for number, share in head.shares.items()}
    yield _line({name: getattr(head, name) for name in BoxHead.__dataclass_fields__} | {"shares": shares})
    for sealed in envelopes:
        yield b64encode(sealed).decode() + "\n"


def read_box(lines: Iterable[str]) -> Box:
    """What ``write_box`` wrote, whole. Raises ``BoxUnusable``."""
    try:
        first, *rest = lines
        values = json.loads(first)
        head = BoxHead(**values | {"shares": {int(number): share for number, share in values["shares"].items()}})
        envelopes = tuple(b64decode(line.strip(), validate=True) for line in rest)
        if head.kind not in {BOX, TRIAL} or not isinstance(head.needed, int):
            raise BoxUnusable
        for share in head.shares.values():
            bytes.fromhex(share)
        if head.kind == BOX:
            freezing.read(head.rules)
    except (*_UNREADABLE, binascii.Error) as error:
        raise BoxUnusable from error
    if head.receipts_root != root_of(envelopes):
        raise BoxUnusable
    return Box(head, envelopes)


def root_of(envelopes: Iterable[bytes]) -> str:
    """The Merkle root of the receipts of these envelopes, hex."""
    return merkle.root(merkle.block_roots([sealing.receipt_of(sealed) for sealed in envelopes])).hex()


def open_trial(box: Box, private_key: str) -> str:
    """The code in a trial ballot. Raises ``sealing.Unopenable``."""
    return sealing.Opener(private_key).unseal(box.envelopes[0])


def open_box(box: Box, private_key: str) -> str:
    """The file of ballots, signed. Raises ``SealBroken``, which names the receipt."""
    rules, opener = freezing.read(box.head.rules), sealing.Opener(private_key)
    texts = sorted(
        sealed_ballot.write(open_envelope(opener, rules, sealed, sealing.receipt_of(sealed)), rules.ballot_type)
        for sealed in box.envelopes
    )
    head = {
        "kind": BALLOTS,
        "poll": box.head.poll,
        "rules_hash": freezing.digest(box.head.rules),
        "receipts_root": box.head.receipts_root,
        "ballots": len(texts),
        "ballots_hash": digest(texts),
    }
    content = _line(head) + "".join(f"{text}\n" for text in texts)
    return content + _line({"signature": ballots_signing.sign(content.encode(), private_key=private_key)})


def signed_ballots(file: BinaryIO, *, rules_hash: str, receipts_root: str, verify_key: str) -> int:
    """How many ballots the file holds, found to be what ``open_box`` wrote from this poll's box.

    ``rules_hash``: of the text as it was fixed. The file is read once and never held as a whole. What the ballots say
    is not looked at. Raises ``BallotsFileUnusable`` for a file of another box, a changed one, one that was not signed
    with the poll's key."""
    try:
        end, last = _last_line(file)
        signature = json.loads(last)["signature"]
        file.seek(0)
        first = file.readline(_LONGEST_LINE)
        head, ballots, number = json.loads(first), hashlib.sha256(), 0

        def pieces() -> Iterator[bytes]:
            nonlocal number
            yield first
            while file.tell() < end:
                line = file.readline(_LONGEST_LINE)
                ballots.update(line)
                number += line.endswith(b"\n")
                yield line

        if not ballots_signing.is_signed_in_pieces(pieces(), signature, verify_key=verify_key):
            raise BallotsFileUnusable
        expected = {
            "kind": BALLOTS,
            "rules_hash": rules_hash,
            "receipts_root": receipts_root,
            "ballots": number,
            "ballots_hash": ballots.hexdigest(),
        }
        if {name: head[name] for name in expected} != expected:
            raise BallotsFileUnusable
    except _UNREADABLE as error:
        raise BallotsFileUnusable from error
    return number


def _last_line(file: BinaryIO) -> tuple[int, bytes]:
    """Where the last line begins, and the line."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_LINE))
    last = file.read().removesuffix(b"\n").rpartition(b"\n")[2]
    file.seek(max(0, size - 1))
    return size - len(last) - (file.read() == b"\n"), last


def ballots_in(file: BinaryIO, *, rules: FrozenRules, number: int) -> Iterator[SealedBallot]:
    """The ballots of a file of which ``signed_ballots`` told the number, one after the other.

    Raises ``BallotsFileUnusable`` at one that breaks a rule."""
    file.seek(0)
    file.readline()
    for _ in range(number):
        try:
            ballot = sealed_ballot.read(file.readline().decode().removesuffix("\n"))
            sealed_ballot.require_keeps(rules, ballot)
        except (*_UNREADABLE, UnreadableBallot, BrokenBallotRule) as error:
            raise BallotsFileUnusable from error
        yield ballot


def digest(texts: Sequence[str]) -> str:
    """SHA-256 of the ballots' lines in ascending order, hex: the same from whichever machine they come."""
    return hashlib.sha256("".join(f"{text}\n" for text in texts).encode()).hexdigest()


def _line(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"
