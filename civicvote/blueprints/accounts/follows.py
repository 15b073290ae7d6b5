"""What I follow: each with its state and what is new, and the way out."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.domain.proposals.services_following import mark_followed_seen
from civicvote.domain.reporting.queries_follows import followed_by
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other


@accounts.get("/me/follows")
def follows() -> ResponseReturnValue:
    cursor = request.args.get("after")
    found = followed_by(signed_in_actor(), cursor=cursor)
    return render("accounts/follows.html", fragment="accounts/_follows.html", follows=found, cursor=cursor)


@accounts.post("/me/follows/seen")
def follows_seen() -> ResponseReturnValue:
    mark_followed_seen(actor=signed_in_actor())
    flash(_("What is new counts from now on."), "success")
    return see_other(url_for("accounts.follows"))
