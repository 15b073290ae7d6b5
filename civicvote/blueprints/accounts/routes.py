"""Sign up, sign in, sign out, and the page on which a person finds what concerns them.

Passwords are hashed and checked before the request's transaction begins: the read of the credential is a transaction
of its own, and on SQLite the first statement after it takes the lock for writing.
"""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.accounts.forms import SignInForm, SignUpForm
from civicvote.db import reading
from civicvote.domain.accounts.errors import WrongCredentials
from civicvote.domain.accounts.passwords import check_password, hash_password, password_fits
from civicvote.domain.accounts.queries import credential_of, regions_of_roles, residencies_of
from civicvote.domain.accounts.services import end_session, open_session
from civicvote.domain.accounts.services import sign_up as make_account
from civicvote.domain.notifications.queries import unread_messages
from civicvote.domain.polls.queries_voter import polls_of_voter
from civicvote.domain.proposals.queries_author import proposals_by
from civicvote.domain.reporting.queries import desk_work
from civicvote.web import auth
from civicvote.web.htmx import render, see_other
from civicvote.web.i18n import current_locale
from civicvote.web.redirects import safe_path

accounts = Blueprint("accounts", __name__)


def _next() -> str | None:
    return safe_path(request.values.get("next"))


@accounts.route("/account/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if form.validate_on_submit():
        with form.refusals():
            name, email, password = form.display_name.data, form.email.data, form.password.data
            check_password(password, email=email, display_name=name)
            make_account(display_name=name, email=email, password_hash=hash_password(password), locale=current_locale())
        if not form.errors:
            flash(_("Thank you. Sign in now. If this address had an account before, its old password still counts."))
            return see_other(url_for("accounts.sign_in", next=_next()))
    return render("accounts/sign_up.html", status=form.status, form=form, next=_next())


@accounts.route("/account/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        with reading():
            credential = credential_of(form.email.data)
        if password_fits(form.password.data, credential.password_hash if credential else None) and credential:
            auth.begin_session(open_session(person_id=credential.person_id))
            return see_other(_next() or url_for("accounts.me"))
        form.refuse(WrongCredentials())
    return render("accounts/sign_in.html", status=form.status, form=form, next=_next())


@accounts.post("/account/sign-out")
def sign_out() -> ResponseReturnValue:
    token = auth.session_token()
    assert token is not None, "the access table lets only signed-in people in"
    end_session(token=token)
    auth.end_session()
    flash(_("You are signed out."))
    return see_other(url_for("home.index"))


@accounts.get("/me")
def me() -> ResponseReturnValue:
    actor = auth.signed_in_actor()
    cursor = request.args.get("after")
    return render(
        "accounts/me.html",
        fragment="accounts/_proposals.html",
        proposals=proposals_by(actor, cursor=cursor),
        cursor=cursor,
        polls=polls_of_voter(actor),
        work=desk_work(actor),
        unread=unread_messages(actor, size=3),
        residencies=residencies_of(actor),
        roles=regions_of_roles(actor),
    )
