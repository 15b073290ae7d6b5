"""The doors. Every endpoint stands in ``access_table.ACCESS``; one that does not is shut.

Before a view runs: who asks and which region are read in one short read, the table decides, and only then may the
request begin to write.
"""

from flask import Flask, abort, g, request, url_for
from werkzeug.wrappers import Response

from civicvote.db import read_statement_by_statement, reading
from civicvote.domain.regions.queries import RegionScope
from civicvote.kernel.actor import Actor, can
from civicvote.kernel.permissions import Permission
from civicvote.web import auth, scope, second_factor_door
from civicvote.web.access_table import ACCESS
from civicvote.web.audiences import Access, Audience
from civicvote.web.htmx import see_other
from civicvote.web.redirects import own_address
from civicvote.web.settings import settings
from civicvote.web.transaction import may_write

#: Answered even while the database is away.
WITHOUT_DATABASE = frozenset({"assets.file", "health.healthz"})


def check_doors() -> Response | None:
    """Let the request in, send it to the sign-in page, or refuse it."""
    if request.endpoint in WITHOUT_DATABASE:
        return None
    if not may_write():
        read_statement_by_statement()
        return _admit()
    with reading():  # ends here: the view begins a writing transaction of its own
        read_statement_by_statement()
        return _admit()


def _admit() -> Response | None:
    access = ACCESS.get(request.endpoint) if request.endpoint else None
    if access is not None and access.knows_nobody:
        auth.stay_unknown()
        return None
    auth.identify()
    scope.find_region()
    if request.endpoint is None:
        return None  # no such address: the router's own 404 or 405 follows
    if access is None:
        abort(403)
    if access.largest_body is not None:
        request.max_content_length = access.largest_body
    return _decide(access, auth.current_actor())


def _decide(access: Access, actor: Actor | None) -> Response | None:
    match access.audience:
        case Audience.EVERYBODY:
            return None
        case Audience.DEMO:
            return None if settings().is_demo else abort(404)
        case Audience.VISITORS:
            return see_other(url_for("home.index")) if actor else None
        case Audience.SIGNED_IN:
            return second_factor_door.check(access, actor, by_role=_has_role(access, actor)) if actor else _to_sign_in()
        case Audience.PERMITTED:
            if actor is None:
                return _to_sign_in()
            region_id = scope.current_region().id
            if not any(can(actor, permission, region_id) for permission in access.permissions):
                abort(403)
            return second_factor_door.check(access, actor, by_role=True)


def _has_role(access: Access, actor: Actor) -> bool:
    """Whether the actor could act by a role behind a door that is open to everybody who is signed in."""
    return bool(access.as_role) and any(can(actor, each, scope.current_region().id) for each in access.as_role)


def _to_sign_in() -> Response:
    return see_other(url_for("accounts.sign_in", next=own_address() if request.method != "POST" else None))


def _can(permission: str, region: RegionScope | None = None) -> bool:
    """For templates: may the reader do this in the region of the page?"""
    region = region or g.get("region")
    return region is not None and can(auth.current_actor(), Permission(permission), region.id)


def init_app(app: Flask) -> None:
    app.before_request(check_doors)
    app.jinja_env.globals["can"] = _can
