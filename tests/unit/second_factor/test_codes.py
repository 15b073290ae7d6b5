"""Codes of an authenticator, recovery codes, and how long a showing counts."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from civicvote.domain.accounts.second_factor import (
    ROLE_SESSION,
    CodeUsed,
    WrongCode,
    accepted_step,
    is_shown,
    new_recovery_codes,
    new_secret,
    recovery_mac,
    secret_in_groups,
    setup_address,
    unused_code,
)
from civicvote.kernel.keys import KeyRing

NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
STEP = int(NOON.timestamp()) // 30
KEYS = KeyRing(secret_key="a secret of a test", identity_key="another secret of a test")
#: RFC 6238, appendix B: the seed of its SHA-1 examples, as base32.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert accepted_step(RFC_SECRET, code, now=now, last_step=0) == seconds // 30


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(off: int) -> None:
    code = pyotp.TOTP(RFC_SECRET).at(NOON + timedelta(seconds=30 * off))
    assert accepted_step(RFC_SECRET, code, now=NOON, last_step=0) == STEP + off


@pytest.mark.parametrize("off", [-3, -2, 2, 3])
def test_further_off_is_wrong(off: int) -> None:
    code = pyotp.TOTP(RFC_SECRET).at(NOON + timedelta(seconds=30 * off))
    with pytest.raises(WrongCode):
        accepted_step(RFC_SECRET, code, now=NOON, last_step=0)


def test_no_code_works_twice_nor_one_from_before_it() -> None:
    current, earlier = (pyotp.TOTP(RFC_SECRET).at(NOON + timedelta(seconds=30 * off)) for off in (0, -1))
    step = accepted_step(RFC_SECRET, current, now=NOON, last_step=0)
    for code in (current, earlier):
        with pytest.raises(CodeUsed):
            accepted_step(RFC_SECRET, code, now=NOON, last_step=step)
    later = pyotp.TOTP(RFC_SECRET).at(NOON + timedelta(seconds=30))
    assert accepted_step(RFC_SECRET, later, now=NOON, last_step=step) == step + 1


@pytest.mark.parametrize("typed", ["", "28708", "2870821", "２８７０８２", "abcdef", "287082\x00"])
def test_anything_else_is_wrong(typed: str) -> None:
    with pytest.raises(WrongCode):
        accepted_step(RFC_SECRET, typed, now=datetime.fromtimestamp(59, UTC), last_step=0)


def test_blanks_in_a_code_do_not_matter() -> None:
    assert accepted_step(RFC_SECRET, " 287 082 ", now=datetime.fromtimestamp(59, UTC), last_step=0) == 1


def test_the_demonstration_s_code_is_always_one_that_is_accepted_until_the_window_is_used_up() -> None:
    last_step, secret = 0, new_secret()
    codes = []
    while code := unused_code(secret, now=NOON, last_step=last_step):
        last_step = accepted_step(secret, code, now=NOON, last_step=last_step)
        codes.append(code)
    assert last_step == STEP + 1
    assert len(codes) == 2


def test_the_secret_is_160_bits_and_reads_in_groups_of_four() -> None:
    secret = new_secret()
    assert len(secret) * 5 == 160
    groups = secret_in_groups(secret).split(" ")
    assert {len(group) for group in groups} == {4}
    assert "".join(groups) == secret
    parsed = pyotp.parse_uri(setup_address(secret, account="김하나", site="시민투표"))
    assert (parsed.secret, parsed.issuer, parsed.name) == (secret, "시민투표", "김하나")


def test_ten_different_recovery_codes_without_signs_that_look_alike() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert not set("".join(codes)) & set("01oilu")
    assert {len(code.replace("-", "")) for code in codes} == {12}


def test_a_recovery_code_is_the_same_however_it_is_typed_and_for_one_person_only() -> None:
    mac = recovery_mac(KEYS, 7, "7k2m-9xqr-4tbn")
    assert recovery_mac(KEYS, 7, " 7K2M 9XQR 4TBN ") == mac
    assert recovery_mac(KEYS, 8, "7k2m-9xqr-4tbn") != mac
    assert recovery_mac(KeyRing(secret_key="x", identity_key="y"), 7, "7k2m-9xqr-4tbn") != mac
    assert "7k2m" not in mac


def test_a_showing_counts_for_its_time_and_no_longer() -> None:
    assert not is_shown(None, NOON, ROLE_SESSION)
    assert is_shown(NOON - ROLE_SESSION, NOON, ROLE_SESSION)
    assert not is_shown(NOON - ROLE_SESSION - timedelta(seconds=1), NOON, ROLE_SESSION)
