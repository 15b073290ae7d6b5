"""My page: what waits for the person, and what they did here."""

from flask import request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.domain.accounts.queries import regions_of_roles, residencies_of
from civicvote.domain.notifications.queries import unread_messages
from civicvote.domain.polls.queries_voter import polls_of_voter
from civicvote.domain.proposals.queries_author import comments_by, proposals_by
from civicvote.domain.reporting.queries import desk_work
from civicvote.web import auth
from civicvote.web.htmx import render


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


@accounts.get("/me/comments")
def comments() -> ResponseReturnValue:
    cursor = request.args.get("after")
    found = comments_by(auth.signed_in_actor(), cursor=cursor)
    return render("accounts/comments.html", fragment="accounts/_comments.html", comments=found, cursor=cursor)
