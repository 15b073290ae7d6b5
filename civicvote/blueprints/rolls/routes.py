"""Rolls: an administrator uploads lists of people who belong to the region; whoever stands on one is confirmed."""

import csv
import hashlib
import io

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.rolls.forms import ClaimForm, RollForm, WithdrawRollForm
from civicvote.db import reading
from civicvote.domain.verification.identity import read_birth_date
from civicvote.domain.verification.queries_letters import districts_of
from civicvote.domain.verification.queries_rolls import refused_rows, refused_rows_page, roll_upload, roll_uploads
from civicvote.domain.verification.rolls import ROLL_LIST, RollMode
from civicvote.domain.verification.rows import PeopleList, read_people
from civicvote.domain.verification.services_rolls import claim_from_roll, withdraw_roll
from civicvote.domain.verification.services_rolls import upload_roll as store_roll
from civicvote.kernel import clock
from civicvote.kernel.csv_cells import safe_cell
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.labels import label
from civicvote.web.scope import current_region
from civicvote.web.settings import settings
from civicvote.web.verified import flash_verification

rolls = Blueprint("rolls", __name__)


@rolls.get("/regions/<slug>/rolls")
def index(slug: str) -> ResponseReturnValue:
    cursor = request.args.get("after")
    uploads = roll_uploads(signed_in_actor(), current_region().id, cursor=cursor)
    return render("rolls/index.html", fragment="rolls/_uploads.html", uploads=uploads, cursor=cursor)


@rolls.route("/regions/<slug>/rolls/upload", methods=["GET", "POST"])
def upload(slug: str) -> ResponseReturnValue:
    form, listed = RollForm(), PeopleList()
    if form.validate_on_submit():
        with form.refusals():
            data = form.people.data.read()
            with reading():
                districts = districts_of(current_region().id)
            listed = read_people(data, ROLL_LIST, districts=districts, today=clock.today())
            stored_id = _store(form, listed, file_sha256=hashlib.sha256(data).hexdigest())
            return see_other(url_for("rolls.show", slug=slug, upload_id=stored_id))
    shown, count = listed.refused[:ROWS_SHOWN], len(listed.refused)
    return render("rolls/upload.html", status=form.status, form=form, shape=ROLL_LIST, refused=shown, count=count)


#: Of a list that was not stored at all, so many refused rows say enough.
ROWS_SHOWN = 200


def _store(form: RollForm, listed: PeopleList, *, file_sha256: str) -> int:
    stored = store_roll(
        actor=signed_in_actor(),
        region=current_region(),
        listed=listed,
        file_sha256=file_sha256,
        mode=RollMode(form.mode.data),
        reason=form.reason.data,
        keys=settings().key_ring,
    )
    return stored.id


@rolls.get("/regions/<slug>/rolls/<id:upload_id>")
def show(slug: str, upload_id: int) -> ResponseReturnValue:
    actor, region_id, cursor = signed_in_actor(), current_region().id, request.args.get("after")
    return render(
        "rolls/show.html",
        upload=roll_upload(actor, region_id, upload_id),
        refused=refused_rows_page(actor, region_id, upload_id, cursor=cursor),
        cursor=cursor,
    )


@rolls.get("/regions/<slug>/rolls/<id:upload_id>/refused.csv")
def refused(slug: str, upload_id: int) -> ResponseReturnValue:
    rows = refused_rows(signed_in_actor(), current_region().id, upload_id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_("Line"), _("What is wrong")])
    writer.writerows((row.line, safe_cell(label(row.problem))) for row in rows)
    response = Response(f"\ufeff{text.getvalue()}", mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    response.cache_control.no_store = True
    return response


@rolls.route("/regions/<slug>/rolls/<id:upload_id>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, upload_id: int) -> ResponseReturnValue:
    actor, region_id, form = signed_in_actor(), current_region().id, WithdrawRollForm()
    if form.validate_on_submit():
        with form.refusals():
            count = withdraw_roll(actor=actor, region_id=region_id, upload_id=upload_id, reason=form.reason.data)
        if not form.errors:
            flash(_("Rows withdrawn: %(count)s. Nobody can use them any more.", count=count), "success")
            return see_other(url_for("rolls.index", slug=slug))
    upload = roll_upload(actor, region_id, upload_id)
    return render("rolls/withdraw.html", status=form.status, form=form, upload=upload)


@rolls.route("/regions/<slug>/rolls/claim", methods=["GET", "POST"])
def claim(slug: str) -> ResponseReturnValue:
    form, actor = ClaimForm(), signed_in_actor()
    if form.validate_on_submit():
        with form.refusals():
            throttle.spend(throttle.Limit.ROLL_CLAIM, actor.person_id)
            throttle.spend(throttle.Limit.ROLL_CLAIM_NETWORK, throttle.client_network())
            verification = claim_from_roll(
                actor=actor,
                region=current_region(),
                legal_name=form.legal_name.data,
                born_on=read_birth_date(form.born_on.data, today=clock.today()),
                keys=settings().key_ring,
            )
            flash_verification(verification, current_region())
            return see_other(url_for("accounts.me"))
    return render("rolls/claim.html", status=form.status, form=form)
