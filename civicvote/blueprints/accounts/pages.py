"""My page: what waits for the person, and what they did here."""

from flask import request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.domain.accounts.queries import regions_of_roles, residencies_of
from civicvote.domain.notifications.queries import unread_messages
from civicvote.domain.polls.queries_voter import polls_of_voter
from civicvote.domain.proposals.queries_author import comments_by, proposals_by
from civicvote.domain.proposals.queries_authors import invitations_for, proposals_signed_by
from civicvote.domain.proposals.queries_drafts import drafts_by
from civicvote.domain.proposals.queries_merging import merges_waiting_for
from civicvote.domain.reporting.queries import desk_work
from civicvote.domain.reporting.queries_follows import followed_by
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
        follows=followed_by(actor, size=3),
        cursor=cursor,
        drafts=drafts_by(actor),
        invitations=invitations_for(actor),
        signed=proposals_signed_by(actor, size=5),
        merges=merges_waiting_for(actor),
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


@accounts.get("/me/signed")
def signed() -> ResponseReturnValue:
    """Proposals of others that the person signs with them."""
    cursor = request.args.get("after")
    return render(
        "accounts/signed.html",
        fragment="accounts/_proposals.html",
        proposals=proposals_signed_by(auth.signed_in_actor(), cursor=cursor),
        cursor=cursor,
        more_address="accounts.signed",
    )
