"""What a browser may answer to a challenge, and what nobody's browser would."""

import json
from dataclasses import replace
from typing import Any

import pytest

from civicvote.domain.accounts.passkeys import (
    PasskeyNameMissing,
    PasskeyRefused,
    RelyingParty,
    created_passkey,
    creation_options,
    new_sign_count,
    request_options,
    usable_passkey_name,
)
from tests.factories.second_factors import SoftPasskey

SITE = RelyingParty(id="localhost", name="CivicVote", origin="http://localhost")
CHALLENGE = b"thirty-two bytes of no surprise!"


def asked() -> dict[str, Any]:
    options: dict[str, Any] = json.loads(
        creation_options(SITE, challenge=CHALLENGE, person_id=7, person_name="김하나", known=[])
    )
    return options


def signed(device: SoftPasskey, *, challenge: bytes = CHALLENGE) -> str:
    return device.get(json.loads(request_options(SITE, challenge=challenge, known=[])))


def test_a_passkey_is_made_and_signs() -> None:
    device = SoftPasskey()
    made = created_passkey(SITE, device.create(asked()), challenge=CHALLENGE)
    count = new_sign_count(
        SITE, signed(device), challenge=CHALLENGE, public_key=made.public_key, sign_count=made.sign_count
    )
    assert count == 1


@pytest.mark.parametrize(
    "device",
    [
        SoftPasskey(origin="http://localhost.evil.example"),
        SoftPasskey(origin="https://localhost"),
        SoftPasskey(rp_id="evil.example"),
    ],
    ids=["origin", "scheme", "relying party"],
)
def test_another_site_s_answer_is_refused(device: SoftPasskey) -> None:
    with pytest.raises(PasskeyRefused):
        created_passkey(SITE, device.create(asked()), challenge=CHALLENGE)
    honest = SoftPasskey(key=device.key)
    made = created_passkey(SITE, honest.create(asked()), challenge=CHALLENGE)
    with pytest.raises(PasskeyRefused):
        new_sign_count(SITE, signed(device), challenge=CHALLENGE, public_key=made.public_key, sign_count=0)


def test_another_challenge_another_key_and_a_copied_key_are_refused() -> None:
    device = SoftPasskey()
    made = created_passkey(SITE, device.create(asked()), challenge=CHALLENGE)
    for answer, count in (
        (signed(device, challenge=b"some other challenge of 32 bytes"), 0),
        (signed(SoftPasskey()), 0),
        (signed(replace(device, sign_count=2)), 3),
    ):
        with pytest.raises(PasskeyRefused):
            new_sign_count(SITE, answer, challenge=CHALLENGE, public_key=made.public_key, sign_count=count)


_WHOLE = json.loads(SoftPasskey().create(asked()))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{",
        '"text"',
        "{}",
        "[" * 5000,
        json.dumps({**_WHOLE, "id": 5}),
        json.dumps({**_WHOLE, "rawId": "????"}),
        json.dumps({**_WHOLE, "type": "password"}),
        json.dumps({**_WHOLE, "response": {**_WHOLE["response"], "attestationObject": "AAAA"}}),
        json.dumps({**_WHOLE, "response": {**_WHOLE["response"], "attestationObject": "oWNmbXRkbm9uZQ"}}),
        json.dumps({**_WHOLE, "response": {**_WHOLE["response"], "clientDataJSON": "bnVsbA"}}),
        json.dumps({**_WHOLE, "padding": "x" * 30_000}),
    ],
)
def test_broken_answers_are_refused_and_break_nothing(answer: str) -> None:
    with pytest.raises(PasskeyRefused):
        created_passkey(SITE, answer, challenge=CHALLENGE)
    with pytest.raises(PasskeyRefused):
        new_sign_count(SITE, answer, challenge=CHALLENGE, public_key=b"", sign_count=0)


def test_a_passkey_has_a_name() -> None:
    assert usable_passkey_name("  내   휴대전화 ") == "내 휴대전화"
    assert len(usable_passkey_name("길" * 200)) == 40
    with pytest.raises(PasskeyNameMissing):
        usable_passkey_name(" \t")
