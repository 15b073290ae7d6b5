"""The end of voting: moved to later with a reason that everybody reads, or come, and then the count."""

from collections.abc import Callable
from functools import partial

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.forms import CloseForm
from civicvote.db import unit_of_work
from civicvote.domain.polls.queries import ballots_cast, visible_poll
from civicvote.domain.polls.queries_count_asked import asked_count
from civicvote.domain.polls.queries_receipts import end_of_voting
from civicvote.domain.polls.services import close_and_ask, count_as_asked, count_poll, extend_poll
from civicvote.web import background
from civicvote.web.auth import signed_in_actor
from civicvote.web.forms import Form, MomentField, strip
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region
from civicvote.web.settings import settings


class ExtendForm(Form):
    closes_at = MomentField(_l("New closing time"), validators=[InputRequired(_l("Enter the day and the time."))])
    reason = TextAreaField(
        _l("Why it closes later"),
        filters=[strip],
        validators=[
            InputRequired(_l("Give the reason. Residents will read it.")),
            Length(max=500, message=_l("This is too long: at most %(max)d characters.")),
        ],
    )


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/extend", methods=["GET", "POST"])
def extend(slug: str, poll_id: int) -> ResponseReturnValue:
    region, actor = current_region(), signed_in_actor()
    form = ExtendForm()
    if form.validate_on_submit() and form.closes_at.data is not None:
        with form.refusals():
            extend_poll(
                actor=actor,
                region_id=region.id,
                poll_id=poll_id,
                closes_at=form.closes_at.data,
                reason=form.reason.data or "",
            )
        if not form.errors:
            flash(_("The vote closes later. The reason stands on its page."), "success")
            return see_other(url_for("polls.manage", slug=slug, poll_id=poll_id))
    poll = visible_poll(actor, region.id, poll_id)
    return render(
        "polls/extend.html", status=form.status, form=form, poll=poll, ending=end_of_voting(region.id, poll_id)
    )


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/close", methods=["GET", "POST"])
def close(slug: str, poll_id: int) -> ResponseReturnValue:
    """Close; then unseal and count behind the answer, unless that takes keyholders."""
    region, actor = current_region(), signed_in_actor()
    form = CloseForm()
    if form.validate_on_submit():
        with form.refusals():
            reason = form.reason.data or ""
            if close_and_ask(actor=actor, region_id=region.id, poll_id=poll_id, reason=reason):
                folder = settings().key_path
                count = partial(count_poll, actor=actor, region_id=region.id, poll_id=poll_id, key_folder=folder)
                count_after_answer(count, region.id, poll_id)
        if not form.errors:
            return see_other(url_for("polls.manage", slug=slug, poll_id=poll_id))
    return render(
        "polls/close.html",
        status=form.status,
        form=form,
        poll=visible_poll(actor, region.id, poll_id),
        ballots=ballots_cast(actor, region.id, poll_id),
        asked=asked_count(actor, region.id, poll_id),
    )


def count_after_answer(count: Callable[[], object], region_id: int, poll_id: int) -> None:
    """The count of a hundred thousand ballots takes longer than anybody, or a proxy, waits for an answer."""
    background.after_commit(
        partial(count_as_asked, count=count, region_id=region_id, poll_id=poll_id, unit=unit_of_work)
    )


@polls.get("/regions/<slug>/manage/polls/<id:poll_id>/counting")
def counting(slug: str, poll_id: int) -> ResponseReturnValue:
    """What the page of a poll that is being counted asks every few seconds: nothing, until it is to be loaded anew."""
    asked = asked_count(signed_in_actor(), current_region().id, poll_id)
    if asked.since and wants_fragment():
        return Response(status=204)
    return see_other(url_for("polls.manage", slug=slug, poll_id=poll_id))
