"""Second factors of a test: an authenticator app as a secret, and a passkey as a key pair."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from civicvote.db import db
from civicvote.domain.accounts.models import Authenticator, Person
from civicvote.domain.accounts.second_factor import new_secret, sealing_purpose, unused_code
from civicvote.kernel import clock
from civicvote.kernel.keys import KeyRing


def enrol_authenticator(person: Person, keys: KeyRing) -> str:
    """The secret of an authenticator that the person uses."""
    secret = new_secret()
    sealed = keys.seal(sealing_purpose(person.id), secret.encode())
    db.session.add(
        Authenticator(person_id=person.id, secret=sealed, created_at=clock.now(), confirmed_at=clock.now(), last_step=0)
    )
    db.session.commit()
    return secret


def code_now(secret: str, *, last_step: int = 0) -> str:
    """What the app shows."""
    code = unused_code(secret, now=clock.now(), last_step=last_step)
    assert code is not None
    return code


@dataclass
class SoftPasskey:
    """An authenticator in software (ES256, no attestation) that answers as a browser would."""

    origin: str = "http://localhost"
    rp_id: str = "localhost"
    credential_id: bytes = b"a passkey of a test, number 1"
    sign_count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(cose)
        data = self._authenticator_data(flags=0x41) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"attestationObject": attestation}, self._client_data("webauthn.create", options))

    def get(self, options: dict[str, Any]) -> str:
        self.sign_count += 1
        data, client_data = self._authenticator_data(flags=0x01), self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"authenticatorData": data, "signature": signature}, client_data)

    def _authenticator_data(self, *, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = bytes_to_base64url(base64url_to_bytes(options["challenge"]))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes], client_data: bytes) -> str:
        identifier = bytes_to_base64url(self.credential_id)
        response = {name: bytes_to_base64url(value) for name, value in {**parts, "clientDataJSON": client_data}.items()}
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": response})
