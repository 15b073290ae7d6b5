"""A person's messages."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.domain.notifications.queries import messages_of
from civicvote.domain.notifications.services import mark_all_read
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other

notifications = Blueprint("notifications", __name__)


@notifications.get("/me/messages")
def inbox() -> ResponseReturnValue:
    cursor = request.args.get("after")
    messages = messages_of(signed_in_actor(), cursor=cursor)
    return render("notifications/inbox.html", fragment="notifications/_messages.html", messages=messages, cursor=cursor)


@notifications.post("/me/messages/read")
def mark_read() -> ResponseReturnValue:
    mark_all_read(person_id=signed_in_actor().person_id)
    return see_other(url_for("notifications.inbox"))
