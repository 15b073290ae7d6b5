"""The file of unsealed ballots: whatever its size it is read in small pieces, and its signature is the ordinary one."""

import hashlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.polls.box import ballots_signing, box_files, sealing
from civicvote.domain.polls.errors_sealing import BallotsFileUnusable

PAIR = sealing.new_key_pair()
VERIFY = ballots_signing.verify_key_for(PAIR.private)
RULES, ROOT = "1" * 64, "2" * 64
ORDER = 2**252 + 27742317777372353535851937790883648493
TEXT = '{"ballot":["lamp"],"electorate":"residents","style":""}'


def written(number: int = 3, *, private_key: str = PAIR.private, **head: object) -> bytes:
    texts = [TEXT] * number
    values = {
        "kind": box_files.BALLOTS,
        "rules_hash": RULES,
        "receipts_root": ROOT,
        "ballots": number,
        "ballots_hash": box_files.digest(texts),
    }
    content = "".join(f"{line}\n" for line in (json.dumps(values | head), *texts)).encode()
    signature = ballots_signing.sign(content, private_key=private_key)
    return content + json.dumps({"signature": signature}).encode() + b"\n"


def number_in(file: io.BytesIO) -> int:
    return box_files.signed_ballots(file, rules_hash=RULES, receipts_root=ROOT, verify_key=VERIFY)


class Watched(io.BytesIO):
    """Remembers the largest piece that was asked for."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        return self._seen(super().read(size))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._seen(super().readline(size))

    def _seen(self, piece: bytes) -> bytes:
        self.largest = max(self.largest, len(piece))
        return piece


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_signed_file_is_taken_with_or_without_its_last_line_break(number):
    assert number_in(io.BytesIO(written(number))) == number
    assert number_in(io.BytesIO(written(number).removesuffix(b"\n"))) == number


def test_a_large_file_is_never_held_as_a_whole():
    content = written(80_000)
    file = Watched(content)
    assert number_in(file) == 80_000
    assert file.largest <= len(content) // 4


def test_a_line_without_an_end_is_refused_in_pieces():
    file = Watched(written(1) + b"x" * (5 << 20))
    with pytest.raises(BallotsFileUnusable):
        number_in(file)
    assert file.largest <= 1 << 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\n\n\n",
        b"{}",
        b"[]\n[]\n[]\n",
        b"\xff\xfe",
        written(1)[:-3],
        written(1) + b"\n",
        b"\n" + written(1),
        written(2).replace(b"residents", b"panel", 1),
        written(2).replace(b"\n", b"\r\n"),
        written(2, private_key=sealing.new_key_pair().private),
        written(2, ballots=1),
        written(2, ballots_hash="0" * 64),
        written(2, kind="civicvote unsealed ballots 2"),
        written(2, receipts_root="0" * 64),
        written(2, rules_hash="0" * 64),
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(content):
    with pytest.raises(BallotsFileUnusable):
        number_in(io.BytesIO(content))


@given(st.binary(max_size=300), st.integers(0, 300))
def test_in_pieces_the_signature_says_what_it_says_of_the_whole(content, cut):
    signature = ballots_signing.sign(content, private_key=PAIR.private)
    pieces = [content[:cut], content[cut:]]
    assert ballots_signing.is_signed_in_pieces(pieces, signature, verify_key=VERIFY)
    assert not ballots_signing.is_signed_in_pieces([*pieces, b"."], signature, verify_key=VERIFY)


@given(st.integers(0, 511), st.sampled_from(["signature", "key"]))
def test_one_bit_of_signature_or_key_makes_it_another(bit, what):
    parts = {"signature": ballots_signing.sign(b"box", private_key=PAIR.private), "key": VERIFY}
    changed = bytearray.fromhex(parts[what])
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    parts[what] = changed.hex()
    told = ballots_signing.is_signed_in_pieces([b"box"], parts["signature"], verify_key=parts["key"])
    assert told == ballots_signing.is_signed(b"box", parts["signature"], verify_key=parts["key"]) is False


@pytest.mark.parametrize(
    "spoil",
    [
        lambda half, rest: half + (rest + ORDER).to_bytes(32, "little"),
        lambda half, rest: half + bytes(32),
        lambda half, rest: bytes(32) + rest.to_bytes(32, "little"),
        lambda half, rest: half,
        lambda half, rest: b"",
    ],
    ids=["larger than the order", "zero", "no commitment", "half", "nothing"],
)
def test_other_spellings_of_a_signature_are_none(spoil):
    signature = bytes.fromhex(ballots_signing.sign(b"box", private_key=PAIR.private))
    spoilt = spoil(signature[:32], int.from_bytes(signature[32:], "little")).hex()
    assert not ballots_signing.is_signed_in_pieces([b"box"], spoilt, verify_key=VERIFY)
    assert not ballots_signing.is_signed_in_pieces([b"box"], "no hex", verify_key=VERIFY)
    assert not ballots_signing.is_signed_in_pieces([b"box"], signature.hex(), verify_key="00" * 32)
    assert not ballots_signing.is_signed_in_pieces([b"box"], signature.hex(), verify_key="00")


def test_the_digest_is_that_of_the_lines():
    assert box_files.digest([TEXT]) == hashlib.sha256(f"{TEXT}\n".encode()).hexdigest()
