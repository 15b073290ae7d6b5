"""Only in the demo: the mails that a real site would have sent."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from civicvote.web.htmx import render
from civicvote.web.mail import LOCAL_ADDRESS
from civicvote.web.mail_folder import newest
from civicvote.web.settings import settings

demo = Blueprint("demo", __name__)


@demo.get("/demo/mail")
def mail() -> ResponseReturnValue:
    cursor = request.args.get("after")
    return render(
        "demo/mail.html",
        mails=newest(settings().mail_path, cursor=cursor),
        cursor=cursor,
        written_for=LOCAL_ADDRESS,
        here=request.host_url.rstrip("/"),
    )
