"""Set up, look at and take away one's second factors."""

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.second_factor import showing
from civicvote.blueprints.second_factor.blueprint import second_factor, site, token
from civicvote.blueprints.second_factor.forms import EmptyForm, FirstCodeForm, PasskeyForm
from civicvote.blueprints.second_factor.picture import qr_picture
from civicvote.domain.accounts.queries_second_factor import (
    authenticator_since,
    held_factors,
    passkeys_of,
    waiting_secret,
)
from civicvote.domain.accounts.second_factor import secret_in_groups, setup_address, unused_code
from civicvote.domain.accounts.services_passkeys import add_passkey as keep_passkey
from civicvote.domain.accounts.services_passkeys import ask_for_new_passkey
from civicvote.domain.accounts.services_passkeys import remove_passkey as take_passkey_away
from civicvote.domain.accounts.services_second_factor import (
    confirm_authenticator,
    make_recovery_codes,
    prepare_authenticator,
)
from civicvote.domain.accounts.services_second_factor import remove_authenticator as take_authenticator_away
from civicvote.kernel import clock
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.second_factor_door import wanted_target
from civicvote.web.settings import settings
from civicvote.web.throttle import Limit

__all__ = ["second_factor", "showing"]


@second_factor.get("")
def index() -> ResponseReturnValue:
    actor = signed_in_actor()
    return render(
        "second_factor/index.html",
        held=held_factors(actor.person_id),
        authenticator_since=authenticator_since(actor.person_id),
        passkeys=passkeys_of(actor.person_id),
        holds_role=any(actor.roles.values()),
        next=wanted_target(),
    )


@second_factor.post("/authenticator/new")
def prepare() -> ResponseReturnValue:
    prepare_authenticator(actor=signed_in_actor(), token=token(), keys=settings().key_ring)
    return see_other(url_for("second_factor.authenticator", next=wanted_target()))


@second_factor.route("/authenticator", methods=["GET", "POST"])
def authenticator() -> ResponseReturnValue:
    actor, keys, form = signed_in_actor(), settings().key_ring, FirstCodeForm()
    if form.validate_on_submit():
        with form.refusals():
            throttle.spend(Limit.TOTP, actor.person_id)
            codes = confirm_authenticator(actor=actor, token=token(), keys=keys, code=form.code.data)
        if not form.errors:
            return _added(codes, _("The authenticator app is set up."))
    secret = waiting_secret(actor.person_id, token=token(), keys=keys)
    if secret is None:
        return see_other(url_for("second_factor.index", next=wanted_target()))
    address = setup_address(secret, account=actor.name, site=settings().name)
    return render(
        "second_factor/authenticator.html",
        status=form.status,
        form=form,
        picture=qr_picture(address),
        address=address,
        secret=secret_in_groups(secret),
        demo_code=unused_code(secret, now=clock.now(), last_step=0) if settings().is_demo else None,
        next=wanted_target(),
    )


@second_factor.route("/passkeys/new", methods=["GET", "POST"])
def add_passkey() -> ResponseReturnValue:
    actor, form = signed_in_actor(), PasskeyForm()
    if form.validate_on_submit():
        with form.refusals():
            codes = keep_passkey(
                actor=actor,
                token=token(),
                site=site(),
                keys=settings().key_ring,
                name=form.name.data,
                answer=form.passkey.data,
            )
        if not form.errors:
            return _added(codes, _("The passkey is kept."))
    return render("second_factor/passkey.html", status=form.status, form=form, next=wanted_target())


@second_factor.post("/passkeys/options")
def creation_options() -> ResponseReturnValue:
    options = ask_for_new_passkey(actor=signed_in_actor(), token=token(), site=site())
    return Response(options, mimetype="application/json")


@second_factor.post("/authenticator/remove")
def remove_authenticator() -> ResponseReturnValue:
    take_authenticator_away(actor=signed_in_actor(), token=token())
    return _gone(_("The authenticator app is removed."))


@second_factor.post("/passkeys/<id:passkey_id>/remove")
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    take_passkey_away(actor=signed_in_actor(), token=token(), passkey_id=passkey_id)
    return _gone(_("The passkey is removed."))


@second_factor.route("/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    actor, form = signed_in_actor(), EmptyForm()
    if form.validate_on_submit():
        return _codes_page(make_recovery_codes(actor=actor, keys=settings().key_ring))
    return render("second_factor/new_codes.html", form=form, held=held_factors(actor.person_id))


def _added(codes: list[str], told: str) -> ResponseReturnValue:
    """On to where the person wanted to go; new recovery codes come between, since they are shown only now."""
    flash(told, "success")
    if codes:
        return _codes_page(codes)
    return see_other(wanted_target() or url_for("second_factor.index"))


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    return render("second_factor/codes.html", codes=codes, next=wanted_target() or url_for("second_factor.index"))


def _gone(told: str) -> ResponseReturnValue:
    flash(told, "success")
    return see_other(url_for("second_factor.index"))
