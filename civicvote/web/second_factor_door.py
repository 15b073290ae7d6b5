"""Where a second factor is asked for: once for a session that works at desks, and anew before what can't be taken back.

A form that meets a closed door is not lost. The answer (403) is a page that asks for the factor and carries what was
typed in hidden fields; it goes to ``second_factor.confirm``, which answers 307, so that the browser sends the original
form again by itself. Only the door hands out the ticket that allows this: a link to the page that asks can't make
anybody send a form.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from civicvote.domain.accounts.queries_second_factor import HeldFactors, demonstration_code, held_factors
from civicvote.domain.accounts.second_factor import ROLE_SESSION, STEP_UP, is_shown
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.web.audiences import Access, Audience, StepUp
from civicvote.web.auth import session_token, signed_in_actor
from civicvote.web.forms import Form, strip
from civicvote.web.htmx import see_other, wants_fragment
from civicvote.web.redirects import own_address, safe_path
from civicvote.web.settings import settings
from civicvote.web.transaction import SAFE_METHODS

#: The fields of the page that asks are told apart from those of the form it carries by this.
_PREFIX = "second_factor_"
_TICKET = "form to send again"
_PASSWORDS = frozenset({"password", "current_password"})
#: ``civicvote.js`` hears this and sends the form of an htmx request as a page of its own.
_SEND_AS_PAGE = "civicvote:send-as-page"


class ConfirmForm(Form):
    """One of three ways to show a second factor; ``ticket`` where a form waits to be sent again."""

    code = StringField(
        _l("Code of the authenticator app"),
        filters=[strip],
        description=_l("Six digits; they change every 30 seconds."),
    )
    recovery_code = StringField(_l("Recovery code"), filters=[strip])
    passkey = HiddenField()
    ticket = HiddenField()

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix=_PREFIX, **options)


def check(access: Access, actor: Actor, *, by_role: bool) -> Response | None:
    """Let the request in, lead it to the page that asks (or to where a factor is set up), or stop its form there.

    ``by_role``: a role lets the actor in, or could be what they act by behind a door that is open to others too."""
    is_reading = request.method in SAFE_METHODS
    if access.step_up is StepUp.ALWAYS or (access.step_up is StepUp.CHANGING and not is_reading):
        within = STEP_UP
    elif access.audience is Audience.PERMITTED or (by_role and not is_reading):
        within = ROLE_SESSION
    else:
        return None
    if is_shown(actor.second_factor_at, clock.now(), within):
        return None
    held = held_factors(actor.person_id)
    if not held.any:
        if not by_role:
            return None  # asked of those who have one
        return _to_setting_up(own_address() if is_reading else _page_of_form())
    if is_reading:
        return see_other(url_for("second_factor.confirm", next=own_address()))
    return _stop(held)


def _to_setting_up(target: str | None) -> Response:
    if request.method not in SAFE_METHODS:
        flash(_("Nothing was done yet. After this, send the form once more."), "warning")
    return see_other(url_for("second_factor.index", next=target))


def _stop(held: HeldFactors) -> Response:
    """Nothing was done; the page asks, and keeps the form."""
    current_app.extensions["csrf"].protect()  # or the page would make a stranger's form one of this site's
    form = ConfirmForm(formdata=None)
    if lost := _what_cannot_be_kept():
        target = _page_of_form()
    else:
        target = own_address()
        form.ticket.data = _ticket(target)
    response = page(form, held, target=target, lost=lost, status=403)
    if wants_fragment():
        response.headers["HX-Trigger"] = _SEND_AS_PAGE
    return response


def page(
    form: ConfirmForm, held: HeldFactors, *, target: str | None, lost: str = "", status: int | None = None
) -> Response:
    """The page that asks. Its form posts to ``second_factor.confirm`` with ``target`` in the address."""
    actor, is_repeating = signed_in_actor(), bool(form.ticket.data)
    return make_response(
        render_template(
            "second_factor/confirm.html",
            form=form,
            held=held,
            target=target,
            lost=lost,
            is_repeating=is_repeating,
            kept=_typed() if is_repeating else [],
            demo_code=demonstration_code(actor.person_id, keys=settings().key_ring) if settings().is_demo else None,
        ),
        status or form.status,
    )


def go_on(form: ConfirmForm, *, target: str | None) -> Response:
    """After the factor was shown: send the form again, or go to the page that was asked for."""
    if not form.ticket.data:
        return see_other(target or url_for("accounts.me"))
    if target is None or not settings().key_ring.mac_fits(_TICKET, _ticketed(target), form.ticket.data):
        raise BadRequest
    return redirect(target, code=307)


def wanted_target() -> str | None:
    """Where the request wants to go on to, if that is a page of this site."""
    return safe_path(request.args.get("next"))


def _ticket(target: str) -> str:
    return settings().key_ring.mac(_TICKET, _ticketed(target))


def _ticketed(target: str) -> str:
    """A ticket is good for one session and one address."""
    return f"{session_token()}\n{target}"


def _what_cannot_be_kept() -> str:
    """``files`` and ``passwords`` don't stand in hidden fields: a form with one of them is filled in once more."""
    if any(file.filename for file in request.files.values()):
        return "files"
    is_secret = any(name in _PASSWORDS or name.startswith("passphrase") for name in request.form)
    return "passwords" if is_secret else ""


def _typed() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and not name.startswith(_PREFIX)
    ]


def _page_of_form() -> str | None:
    """Where the form with the file stands: at its own address, or on the page that it was sent from."""
    if request.url_rule is not None and "GET" in (request.url_rule.methods or ()):
        return own_address()
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc != request.host:
        return None
    return safe_path(f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path)
