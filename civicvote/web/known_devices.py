"""Devices on which a person has signed in before, by a signed cookie (OWASP "Device Cookies").

A known device has a limit of its own, so that strangers who guess at an account never keep its owner out. The cookie
holds random names with MACs, one for each person who signed in there; it says nobody's name and opens nothing.
"""

import secrets

from flask import Response, after_this_request, request

from civicvote.web.settings import settings

_PURPOSE = "device"
_MOST_PEOPLE = 5
_LIFETIME_SECONDS = 365 * 24 * 3600


def known_device(person_id: int) -> str | None:
    """The name of this device, if the person signed in on it before."""
    return next((name for name, mac in _entries() if _fits(person_id, name, mac)), None)


def device_name() -> str:
    """A name of this browser that stays the same while others sign in here too (up to five), or nothing.

    It is the one that was given first of those that are left; a browser that forgets its cookies has none."""
    entries = _entries()
    return entries[-1][0] if entries else ""


def remember_device(person_id: int) -> None:
    """From the next request on this device is known for the person; the five who came last are kept."""
    name = known_device(person_id) or secrets.token_urlsafe(12)
    others = [f"{other}.{mac}" for other, mac in _entries() if other != name]
    mac = settings().key_ring.mac(_PURPOSE, _marked(person_id, name))
    value = "~".join([f"{name}.{mac}", *others][:_MOST_PEOPLE])

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            value,
            max_age=_LIFETIME_SECONDS,
            secure=settings().is_production,
            httponly=True,
            samesite="Lax",
        )
        return response


def _entries() -> list[tuple[str, str]]:
    parts = request.cookies.get(_cookie_name(), "").split("~")[:_MOST_PEOPLE]
    return [(name, mac) for name, _, mac in (part.partition(".") for part in parts) if name and mac]


def _fits(person_id: int, name: str, mac: str) -> bool:
    return settings().key_ring.mac_fits(_PURPOSE, _marked(person_id, name), mac)


def _marked(person_id: int, name: str) -> str:
    return f"{person_id} {name}"


def _cookie_name() -> str:
    return "__Host-civicvote-device" if settings().is_production else "civicvote-device"
