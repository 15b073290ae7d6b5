"""Sign up, sign in, sign out, ask for a new password.

Passwords are hashed and checked before the request's transaction begins. Whoever asks with an address is sent to one
and the same page; what the address is worth, its mailbox learns.
"""

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.blueprints.accounts.forms import ResetForm, SignInForm, SignUpForm
from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.passwords import check_password, hash_password
from civicvote.domain.accounts.services import end_session, usable_name
from civicvote.domain.accounts.services_entering import ask_for_reset, ask_to_begin
from civicvote.domain.polls.services_drafts import forget_drafts_of_session
from civicvote.web import auth, throttle
from civicvote.web.htmx import render, see_other
from civicvote.web.i18n import current_locale
from civicvote.web.passwords import person_of_credentials
from civicvote.web.redirects import safe_path
from civicvote.web.throttle import Limit, client_network

#: In the visitor's cookie: where the last mail went, and which link began here.
MAILED_TO, BEGAN_HERE = "mailed_to", "began_here"


def next_path() -> str | None:
    return safe_path(request.values.get("next"))


def spend_mail(email: str) -> None:
    """Count a mail before it is asked for. Raises ``TooManyTries``."""
    throttle.spend(Limit.MAIL_FROM_NETWORK, client_network())
    throttle.spend(Limit.MAIL_TO_ADDRESS, normal_address(email))


@accounts.route("/account/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if form.validate_on_submit():
        with form.refusals():
            name, email, password = usable_name(form.display_name.data), form.email.data, form.password.data
            check_password(password, email=email, display_name=name)
            spend_mail(email)
            session[BEGAN_HERE] = ask_to_begin(
                display_name=name,
                email=email,
                password_hash=hash_password(password),
                locale=current_locale(),
                next_path=next_path() or "",
            )
        if not form.errors:
            return _look_into_your_mail(email)
    return render("accounts/sign_up.html", status=form.status, form=form, next=next_path())


@accounts.route("/account/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        with form.refusals():
            auth.sign_in(person_of_credentials(form.email.data, form.password.data))
        if not form.errors:
            return see_other(next_path() or url_for("accounts.me"))
    return render("accounts/sign_in.html", status=form.status, form=form, next=next_path())


@accounts.post("/account/sign-out")
def sign_out() -> ResponseReturnValue:
    token = auth.session_token()
    assert token is not None, "the access table lets only signed-in people in"
    forget_drafts_of_session(token=token)
    end_session(token=token)
    auth.end_session()
    flash(_("You are signed out."))
    return see_other(url_for("home.index"))


@accounts.route("/account/reset", methods=["GET", "POST"])
def reset() -> ResponseReturnValue:
    form = ResetForm()
    if form.validate_on_submit():
        with form.refusals():
            spend_mail(form.email.data)
            ask_for_reset(email=form.email.data, locale=current_locale())
        if not form.errors:
            return _look_into_your_mail(form.email.data)
    return render("accounts/reset.html", status=form.status, form=form)


@accounts.get("/account/mailed")
def mailed() -> ResponseReturnValue:
    return render("accounts/mailed.html", address=session.get(MAILED_TO, ""))


def _look_into_your_mail(email: str) -> ResponseReturnValue:
    session[MAILED_TO] = email
    return see_other(url_for("accounts.mailed"))
