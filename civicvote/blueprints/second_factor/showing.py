"""The page that asks for a second factor; what it carries is ``web.second_factor_door``'s."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.second_factor.blueprint import second_factor, site, token
from civicvote.domain.accounts.queries_second_factor import held_factors
from civicvote.domain.accounts.second_factor import NothingShown
from civicvote.domain.accounts.services_passkeys import ask_for_passkey, show_passkey
from civicvote.domain.accounts.services_second_factor import show_authenticator, show_recovery_code
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import see_other
from civicvote.web.second_factor_door import ConfirmForm, go_on, page, wanted_target
from civicvote.web.settings import settings
from civicvote.web.throttle import Limit


@second_factor.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    form, target = ConfirmForm(), wanted_target()
    held = held_factors(signed_in_actor().person_id)
    if not held.any:
        return see_other(url_for("second_factor.index", next=target))
    if form.validate_on_submit():
        with form.refusals():
            _show(form)
        if not form.errors:
            return go_on(form, target=target)
    return page(form, held, target=target)


@second_factor.post("/confirm/options")
def request_options() -> ResponseReturnValue:
    options = ask_for_passkey(actor=signed_in_actor(), token=token(), site=site())
    return Response(options, mimetype="application/json")


def _show(form: ConfirmForm) -> None:
    """Whichever of the three was filled in. Tries are counted before they are made."""
    actor, keys = signed_in_actor(), settings().key_ring
    if form.passkey.data:
        throttle.spend(Limit.PASSKEY, actor.person_id)
        show_passkey(actor=actor, token=token(), site=site(), answer=form.passkey.data)
    elif form.code.data:
        throttle.spend(Limit.TOTP, actor.person_id)
        show_authenticator(actor=actor, token=token(), keys=keys, code=form.code.data)
        throttle.forget(Limit.TOTP, actor.person_id)
    elif form.recovery_code.data:
        throttle.spend(Limit.RECOVERY_CODE, actor.person_id)
        show_recovery_code(actor=actor, token=token(), keys=keys, code=form.recovery_code.data)
    else:
        raise NothingShown
