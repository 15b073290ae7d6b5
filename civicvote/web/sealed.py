"""Short notes in the signed cookie, sealed: the browser carries them, nobody reads them, and they expire."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import session

from civicvote.kernel import clock
from civicvote.kernel.keys import SecretUnreadable
from civicvote.web.settings import settings


def keep(name: str, note: Mapping[str, Any], *, lifetime: timedelta) -> None:
    """Remember a small note of plain values under ``name`` instead of what was there."""
    dated = json.dumps({"note": note, "until": (clock.now() + lifetime).timestamp()}).encode()
    session[name] = base64.urlsafe_b64encode(settings().key_ring.seal(name, dated)).decode()


def kept(name: str) -> dict[str, Any] | None:
    """The note; None where there is none, where it expired or where the secret key changed meanwhile."""
    try:
        sealed = base64.urlsafe_b64decode(session.get(name, ""))
        dated = json.loads(settings().key_ring.unseal(name, sealed))
    except (SecretUnreadable, ValueError):
        return None
    note: dict[str, Any] = dated["note"]
    return note if dated["until"] > clock.now().timestamp() else None


def forget(name: str) -> None:
    session.pop(name, None)
