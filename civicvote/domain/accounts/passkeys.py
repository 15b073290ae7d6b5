"""Passkeys (WebAuthn level 2): what the browser is asked, and whether its answer holds.

The passkey comes after a password or a provider, so having it is enough; user verification (a finger, a PIN) is asked
for where the device can do it (``preferred``) and not demanded, or plain security keys would be shut out.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from civicvote.kernel.errors import Conflict, Invalid
from civicvote.kernel.markup import clean_text

#: How long a challenge waits for its answer.
CHALLENGE_LIFETIME = timedelta(minutes=5)
PASSKEY_NAME_LENGTH = 40
MOST_PASSKEYS = 10
_LONGEST_ANSWER = 20_000
_WAIT_IN_BROWSER = 120_000  # milliseconds
#: What reading an answer raises that nobody's browser made: the library's own, and what slips past its checks.
_BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class PasskeyRefused(Invalid):
    """The answer does not fit the challenge, the site or the key. The challenge is spent all the same."""

    code = "passkey_refused"
    is_recorded = True


class PasskeyKnown(Conflict):
    """This device's passkey is here already."""

    code = "passkey_known"


class TooManyPasskeys(Conflict):
    code = "too_many_passkeys"


class PasskeyNameMissing(Invalid):
    code = "passkey_name_missing"
    field = "name"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This site as browsers know it: ``id`` is its host, ``origin`` its scheme, host and port."""

    id: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    credential_id: str
    public_key: bytes
    sign_count: int


def usable_passkey_name(name: str) -> str:
    """How the person tells one device from another. Raises ``PasskeyNameMissing``."""
    shown = " ".join(clean_text(name).split())[:PASSKEY_NAME_LENGTH]
    if not shown:
        raise PasskeyNameMissing
    return shown


def creation_options(
    site: RelyingParty, *, challenge: bytes, person_id: int, person_name: str, known: Iterable[str]
) -> str:
    """JSON for ``navigator.credentials.create``; devices whose passkey is ``known`` are left out."""
    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=str(person_id).encode(),
        user_name=person_name,
        challenge=challenge,
        timeout=_WAIT_IN_BROWSER,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return webauthn.options_to_json(options)


def request_options(site: RelyingParty, *, challenge: bytes, known: Iterable[str]) -> str:
    """JSON for ``navigator.credentials.get``: any of the person's passkeys will do."""
    options = webauthn.generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=_WAIT_IN_BROWSER,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def created_passkey(site: RelyingParty, answer: str, *, challenge: bytes) -> NewPasskey:
    """The passkey that the browser made. Raises ``PasskeyRefused``."""
    try:
        made = webauthn.verify_registration_response(
            credential=_checked(answer),
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
    except _BROKEN as error:
        raise PasskeyRefused from error
    return NewPasskey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def answering_passkey(answer: str) -> str:
    """Which passkey the browser's answer claims to come from. Raises ``PasskeyRefused``."""
    try:
        claimed = json.loads(_checked(answer))
        return bytes_to_base64url(base64url_to_bytes(claimed["id"]))
    except _BROKEN as error:
        raise PasskeyRefused from error


def new_sign_count(site: RelyingParty, answer: str, *, challenge: bytes, public_key: bytes, sign_count: int) -> int:
    """The passkey's counter after it signed the challenge. Raises ``PasskeyRefused``, for a copied key too."""
    try:
        shown = webauthn.verify_authentication_response(
            credential=_checked(answer),
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except _BROKEN as error:
        raise PasskeyRefused from error
    return shown.new_sign_count


def _checked(answer: str) -> str:
    if len(answer) > _LONGEST_ANSWER:
        raise PasskeyRefused
    return answer


def _descriptors(known: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]
