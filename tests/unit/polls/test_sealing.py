"""Sealing: what goes in comes out, with the right key only, and the length tells nothing."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.encoding import HexEncoder
from nacl.public import PublicKey, SealedBox

from civicvote.domain.polls.ballots import choices
from civicvote.domain.polls.box import sealing
from civicvote.kernel.voting import BallotType

KEYS = ["a", "나무", "bench-3", "x" * 60]
PAIR = sealing.new_key_pair()
FULLEST = choices.write(dict.fromkeys(KEYS, 1), BallotType.APPROVAL)
SIZE = sealing.content_size(len(FULLEST.encode()))


@given(st.lists(st.sampled_from(KEYS), unique=True))
def test_every_ballot_comes_back_and_all_are_equally_long(chosen):
    text = choices.write(dict.fromkeys(chosen, 1), BallotType.APPROVAL)
    sealed = sealing.seal(text, public_key=PAIR.public, size=SIZE)
    assert len(sealed) == SIZE + 48
    assert sealing.Opener(PAIR.private).unseal(sealed) == text


def test_the_longest_text_fits_exactly():
    assert len(sealing.seal(FULLEST, public_key=PAIR.public, size=SIZE)) == SIZE + 48
    with pytest.raises(ValueError, match="longer"):
        sealing.seal(FULLEST + " ", public_key=PAIR.public, size=SIZE)


def test_the_same_ballot_never_looks_the_same():
    assert len({sealing.seal("[]", public_key=PAIR.public, size=SIZE) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s[:-1] + bytes([s[-1] ^ 1]), lambda s: b"", lambda s: s * 2]
)
def test_a_changed_envelope_does_not_open(change):
    sealed = sealing.seal("[]", public_key=PAIR.public, size=SIZE)
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(PAIR.private).unseal(change(sealed))


def test_another_key_does_not_open_it():
    sealed = sealing.seal("[]", public_key=PAIR.public, size=SIZE)
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(sealing.new_key_pair().private).unseal(sealed)


@pytest.mark.parametrize("padded", [b"", b"\0\0", b"\0\0\0\x09[]", b"\0\0\0\x02[]x", b"\0\0\0\x02\xff\xfe"])
def test_what_was_sealed_without_our_padding_is_no_ballot(padded):

    sealed = bytes(SealedBox(PublicKey(PAIR.public.encode(), HexEncoder)).encrypt(padded))
    with pytest.raises(sealing.Unopenable):
        sealing.Opener(PAIR.private).unseal(sealed)


def test_the_receipt_is_the_hash_of_the_sealed_bytes():
    assert sealing.receipt_of(b"abc") == hashlib.sha256(b"abc").hexdigest()
