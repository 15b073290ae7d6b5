"""What the links in mails open. Looking changes nothing, since programs that check mails look too; the button does."""

from flask import flash, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.blueprints.accounts.entering import BEGAN_HERE
from civicvote.blueprints.accounts.forms import BeginForm, NewPasswordForm
from civicvote.db import reading
from civicvote.domain.accounts.errors import LinkUnusable, WrongPassword
from civicvote.domain.accounts.links import LinkPurpose
from civicvote.domain.accounts.passwords import check_password, hash_password, password_fits
from civicvote.domain.accounts.queries import display_name_of
from civicvote.domain.accounts.queries_account import WaitingLink, waiting_link
from civicvote.domain.accounts.services_entering import begin_account, move, reset_password
from civicvote.web import auth, throttle
from civicvote.web.forms import Form
from civicvote.web.htmx import render, see_other
from civicvote.web.redirects import safe_path
from civicvote.web.settings import settings
from civicvote.web.throttle import Limit, client_network


def _opened(purpose: LinkPurpose, token: str) -> WaitingLink:
    """The link behind the address; what opens nothing is counted. Raises ``LinkUnusable``, ``TooManyTries``."""
    throttle.check(Limit.LINK, client_network())
    try:
        with reading():
            return waiting_link(purpose=purpose, token=token, keys=settings().key_ring)
    except LinkUnusable:
        throttle.count(Limit.LINK, client_network())
        raise


@accounts.route("/account/begin/<token>", methods=["GET", "POST"])
def begin(token: str) -> ResponseReturnValue:
    """On the device of the sign-up one button is enough. Elsewhere the password is asked for, so that nobody confirms
    an account that somebody else began in their name."""
    link = _opened(LinkPurpose.SIGN_UP, token)
    began_here = session.get(BEGAN_HERE) == link.id
    form = BeginForm()
    if form.validate_on_submit():
        with form.refusals():
            if not began_here:
                _check_who_began(link, form.current_password.data)
            auth.sign_in(begin_account(link_id=link.id).id)
        if not form.errors:
            flash(_("Your account is ready. You can propose, comment and endorse at once."), "success")
            return see_other(safe_path(link.payload["next"]) or url_for("accounts.me"))
    return render("accounts/begin.html", status=form.status, form=form, link=link, began_here=began_here)


def _check_who_began(link: WaitingLink, password: str | None) -> None:
    throttle.spend(Limit.PASSWORD_AGAIN, "link", link.id)
    if not password_fits(password or "", link.payload["password_hash"]):
        raise WrongPassword


@accounts.route("/account/new-password/<token>", methods=["GET", "POST"])
def new_password(token: str) -> ResponseReturnValue:
    link = _opened(LinkPurpose.RESET_PASSWORD, token)
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            password = form.password.data
            check_password(password, email=link.email, display_name=_name_of(link))
            auth.sign_in(reset_password(link_id=link.id, password_hash=hash_password(password)).id)
        if not form.errors:
            flash(_("The new password counts from now on, and every other device was signed out."), "success")
            return see_other(url_for("accounts.me"))
    return render("accounts/new_password.html", status=form.status, form=form, link=link)


def _name_of(link: WaitingLink) -> str:
    assert link.person_id is not None, "a reset belongs to an account"
    with reading():
        return display_name_of(link.person_id)


@accounts.route("/account/new-address/<token>", methods=["GET", "POST"])
def new_address(token: str) -> ResponseReturnValue:
    link = _opened(LinkPurpose.CHANGE_MAIL, token)
    form = Form()
    if form.validate_on_submit():
        move(link_id=link.id)
        flash(_("Your account has this mail address now: %(address)s", address=link.email), "success")
        return see_other(url_for("accounts.account" if auth.current_actor() else "accounts.sign_in"))
    return render("accounts/new_address.html", status=form.status, form=form, link=link)
