"""The account: how its owner signs in, on which devices, in which language mails come."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.blueprints.accounts.entering import spend_mail
from civicvote.blueprints.accounts.forms import AddressForm, LanguageForm, PasswordForm
from civicvote.db import reading
from civicvote.domain.accounts.passwords import check_password, hash_password
from civicvote.domain.accounts.queries_account import OwnAccount, open_sessions_of, own_account
from civicvote.domain.accounts.services_entering import ask_for_reset, ask_to_move, change_password, set_language
from civicvote.domain.accounts.services_sessions import end_one_session, end_sessions
from civicvote.web import auth
from civicvote.web.htmx import render, see_other
from civicvote.web.i18n import current_locale
from civicvote.web.openid import configured_providers
from civicvote.web.passwords import prove_again


def own() -> OwnAccount:
    with reading():
        return own_account(auth.signed_in_actor())


def _token() -> str:
    token = auth.session_token()
    assert token is not None, "the access table lets only signed-in people in"
    return token


@accounts.get("/me/account")
def account() -> ResponseReturnValue:
    actor, mine, cursor = auth.signed_in_actor(), own(), request.args.get("after")
    return render(
        "accounts/account.html",
        fragment="accounts/_sessions.html",
        account=mine,
        sessions=open_sessions_of(actor, token=_token(), cursor=cursor),
        cursor=cursor,
        has_providers=bool(configured_providers()),
        form=LanguageForm(locale=mine.locale),
    )


@accounts.route("/me/account/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    form, mine = PasswordForm(), own()
    if form.validate_on_submit():
        with form.refusals():
            prove_again(form.current_password.data)
            check_password(form.password.data, email=mine.email or "", display_name=mine.display_name)
            hashed = hash_password(form.password.data)
            auth.begin_session(change_password(person_id=mine.person_id, password_hash=hashed, token=_token()))
        if not form.errors:
            flash(_("The new password counts from now on, and every other device was signed out."), "success")
            return see_other(url_for("accounts.account"))
    return render("accounts/password.html", status=form.status, form=form, account=mine)


@accounts.post("/me/account/password-link")
def password_link() -> ResponseReturnValue:
    """For an account without a password: the same link that who forgot theirs would get."""
    mine = own()
    if mine.email:
        spend_mail(mine.email)
        ask_for_reset(email=mine.email, locale=current_locale())
        flash(_("We sent a mail to %(address)s. The link in it works for an hour.", address=mine.email), "success")
    return see_other(url_for("accounts.account"))


@accounts.route("/me/account/mail-address", methods=["GET", "POST"])
def mail_address() -> ResponseReturnValue:
    form, mine = AddressForm(), own()
    if form.validate_on_submit():
        with form.refusals():
            prove_again(form.current_password.data)
            spend_mail(form.email.data)
            ask_to_move(person_id=mine.person_id, email=form.email.data, locale=current_locale())
        if not form.errors:
            sent = _("We sent a mail to %(address)s. Your account has the new address once you press the button there.")
            flash(sent % {"address": form.email.data}, "success")
            return see_other(url_for("accounts.account"))
    return render("accounts/mail_address.html", status=form.status, form=form, account=mine)


@accounts.post("/me/account/language")
def language() -> ResponseReturnValue:
    form = LanguageForm()
    if form.validate_on_submit():
        set_language(person_id=auth.signed_in_actor().person_id, locale=form.locale.data)
        flash(_("Saved."), "success")
    return see_other(url_for("accounts.account"))


@accounts.post("/me/account/sessions/<id:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    end_one_session(person_id=auth.signed_in_actor().person_id, session_id=session_id)
    flash(_("The device is signed out."), "success")
    return see_other(url_for("accounts.account", _anchor="devices"))


@accounts.post("/me/account/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    end_sessions(person_id=auth.signed_in_actor().person_id, but=_token())
    flash(_("Every other device is signed out."), "success")
    return see_other(url_for("accounts.account", _anchor="devices"))
