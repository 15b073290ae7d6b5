"""Signing in through an OpenID provider, and the page on which a person links providers to the account.

``callback`` is the one address of the site where a GET writes: the provider sends the browser back with one. What it
writes is the session of somebody whom the provider has just vouched for, and their residency. Whoever is new here, or
signed in already, decides on a page of ours, by a form, what follows.
"""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.providers.forms import LinkForm, NewcomerForm
from civicvote.blueprints.providers.newcomers import begin_account
from civicvote.blueprints.providers.residency import confirm_residency
from civicvote.domain.accounts.providers import LinkedElsewhere, Provider
from civicvote.domain.accounts.queries_account import own_account
from civicvote.domain.accounts.queries_providers import has_password, linked_providers, person_of_subject
from civicvote.domain.accounts.services_providers import (
    link_provider,
    note_sign_in,
    unlink_provider,
)
from civicvote.kernel.actor import Actor
from civicvote.web import auth, openid, throttle
from civicvote.web.htmx import render, see_other
from civicvote.web.i18n import DEFAULT_LOCALE, current_locale, localized
from civicvote.web.openid import Arrival, Failure, ProviderFailed
from civicvote.web.passwords import prove_again
from civicvote.web.redirects import safe_path
from civicvote.web.throttle import Limit

providers = Blueprint("providers", __name__)

_STATUS = {Failure.DENIED: 403, Failure.LOST: 400, Failure.WRONG_ANSWER: 400, Failure.UNREACHABLE: 503}


@providers.errorhandler(ProviderFailed)
def _failed(failed: ProviderFailed) -> ResponseReturnValue:
    status = _STATUS[failed.failure]
    return render("providers/failed.html", status=status, provider=failed.provider, failure=failed.failure.value)


@providers.get("/account/providers/<key>/start")
def start(key: str) -> ResponseReturnValue:
    provider = openid.provider_or_404(key)
    return redirect(openid.authorization_address(provider, next_path=safe_path(request.args.get("next"))), code=303)


@providers.get("/account/providers/<key>/callback")
def callback(key: str) -> ResponseReturnValue:
    provider = openid.provider_or_404(key)
    locale = openid.locale_of_journey() or current_locale()
    if locale != current_locale():
        prefix = "" if locale == DEFAULT_LOCALE else f"/{locale}"
        return redirect(f"{prefix}{request.full_path}", code=303)
    throttle.spend(Limit.PROVIDER_CALLBACK, throttle.client_network())
    arrival = openid.arrive(provider)
    owner_id = person_of_subject(arrival.identity.provider, arrival.identity.subject)
    if actor := auth.current_actor():
        return _receive_member(actor, owner_id, arrival, provider)
    if owner_id is None:
        openid.hold(arrival)
        return see_other(url_for("providers.sign_up"))
    return _sign_in(arrival, owner_id)


def _receive_member(actor: Actor, owner_id: int | None, arrival: Arrival, provider: Provider) -> ResponseReturnValue:
    """Somebody who is signed in went to a provider: to link it. They say so once more, for the way there and back can
    be begun by any site."""
    if owner_id is None:
        openid.hold(arrival)
        return see_other(url_for("providers.link"))
    if owner_id != actor.person_id:
        raise LinkedElsewhere
    flash(_("You sign in with %(provider)s already.", provider=localized(provider, "name")))
    confirm_residency(actor.person_id, arrival.identity)
    return see_other(url_for("providers.mine"))


def _sign_in(arrival: Arrival, person_id: int) -> ResponseReturnValue:
    note_sign_in(identity=arrival.identity)
    auth.sign_in(person_id)
    confirm_residency(person_id, arrival.identity)
    return see_other(arrival.next or url_for("accounts.me"))


@providers.route("/account/providers/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    arrival = _held_arrival()
    provider = openid.provider_or_404(arrival.identity.provider)
    form = NewcomerForm(email=arrival.identity.email)
    if form.validate_on_submit():
        with form.refusals():
            person_id = begin_account(arrival.identity, name=form.display_name.data, email=form.email.data)
        if not form.errors:
            return _sign_in(arrival, person_id)
    return render("providers/sign_up.html", status=form.status, form=form, provider=provider)


@providers.get("/me/providers")
def mine() -> ResponseReturnValue:
    actor = auth.signed_in_actor()
    links, known = linked_providers(actor), openid.configured_providers()
    return render(
        "providers/mine.html",
        links=[(link, known.get(link.provider)) for link in links],
        others=[each for key, each in known.items() if key not in {link.provider for link in links}],
        is_only_way=len(links) == 1 and not has_password(actor.person_id),
    )


@providers.route("/me/providers/link", methods=["GET", "POST"])
def link() -> ResponseReturnValue:
    arrival, actor, form = _held_arrival(), auth.signed_in_actor(), LinkForm()
    provider = openid.provider_or_404(arrival.identity.provider)
    is_proven = False
    if form.validate_on_submit():
        with form.refusals():
            prove_again(form.current_password.data)
            is_proven = True
    if not is_proven:
        account = own_account(actor)
        return render("providers/link.html", status=form.status, form=form, provider=provider, account=account)
    link_provider(actor=actor, identity=arrival.identity, name_ko=provider.name_ko, name_en=provider.name_en)
    openid.let_go()
    flash(_("From now on you also sign in with %(provider)s.", provider=localized(provider, "name")), "success")
    confirm_residency(actor.person_id, arrival.identity)
    return see_other(url_for("providers.mine"))


@providers.post("/me/providers/<key>/unlink")
def unlink(key: str) -> ResponseReturnValue:
    provider = openid.configured_providers().get(key)
    name_ko, name_en = (provider.name_ko, provider.name_en) if provider else (key, key)
    unlink_provider(actor=auth.signed_in_actor(), provider=key, name_ko=name_ko, name_en=name_en)
    name = localized(provider, "name") if provider else key
    flash(_("You no longer sign in with %(provider)s.", provider=name), "success")
    return see_other(url_for("providers.mine"))


def _held_arrival() -> Arrival:
    arrival = openid.held_arrival()
    if arrival is None:
        raise ProviderFailed(None, Failure.LOST)
    return arrival
