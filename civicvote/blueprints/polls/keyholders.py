"""Keyholders: named, each with a file; the poll's key; the trial; and opening the box, here or elsewhere."""

import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, BinaryIO

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.polls.blueprint import polls
from civicvote.blueprints.polls.closing import count_after_answer
from civicvote.blueprints.polls.forms import ActForm
from civicvote.blueprints.polls.forms_keyholders import (
    BallotsFileForm,
    KeyholderForm,
    KeyholdersForm,
    OpeningForm,
    TrialCodeForm,
    opening_form,
)
from civicvote.domain.polls.box import keyholder_files
from civicvote.domain.polls.queries import managed_poll, visible_poll
from civicvote.domain.polls.queries_count_asked import asked_count
from civicvote.domain.polls.queries_keyholders import ceremony_of, own_keyholding
from civicvote.domain.polls.queries_receipts import end_of_voting
from civicvote.domain.polls.services import (
    ask_for_count,
    confirm_trial,
    count_unsealed,
    count_with_key,
    key_for_counting,
    make_keyholder_file,
    make_poll_key,
    name_keyholders,
    open_trial,
    require_ballots_file,
    require_no_count,
    take_out_box,
    trial_box,
)
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor
from civicvote.web.auth import signed_in_actor
from civicvote.web.forms import Form
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region

_PIECE = 1024 * 1024


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/keyholders", methods=["GET", "POST"])
def keyholders(slug: str, poll_id: int) -> ResponseReturnValue:
    """Who they are, and how far they have come."""
    poll = managed_poll(signed_in_actor(), current_region().id, poll_id)
    found = ceremony_of(signed_in_actor(), poll)
    named = "\n".join(holder.address or "" for holder in found.keyholders)
    form = KeyholdersForm(data={"addresses": named, "needed": found.needed or None})
    if form.validate_on_submit():
        with form.refusals():
            name_keyholders(actor=signed_in_actor(), poll=poll, addresses=form.listed, needed=form.needed.data or 0)
        if not form.errors:
            return see_other(url_for("polls.keyholders", slug=slug, poll_id=poll_id))
    return _keyholders_page(poll_id, form)


def _keyholders_page(poll_id: int, form: Form) -> Response:
    actor, region = signed_in_actor(), current_region()
    found = ceremony_of(actor, managed_poll(actor, region.id, poll_id))
    poll = visible_poll(actor, region.id, poll_id)
    return render("polls/keyholders.html", status=form.status, form=form, poll=poll, ceremony=found)


@polls.post("/regions/<slug>/manage/polls/<id:poll_id>/keyholders/key")
def poll_key(slug: str, poll_id: int) -> ResponseReturnValue:
    form, actor = ActForm(), signed_in_actor()
    poll = managed_poll(actor, current_region().id, poll_id)
    if form.validate_on_submit():
        with form.refusals():
            make_poll_key(actor=actor, poll=poll)
    if not form.errors:
        return see_other(url_for("polls.trial", slug=slug, poll_id=poll_id))
    return _keyholders_page(poll_id, form)


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/keyholders/trial", methods=["GET", "POST"])
def trial(slug: str, poll_id: int) -> ResponseReturnValue:
    """Open the trial ballot here, with the keyholders around the table, all of them or some and then others."""
    poll = managed_poll(signed_in_actor(), current_region().id, poll_id)
    form = opening_form(len(ceremony_of(signed_in_actor(), poll).keyholders))
    if form.validate_on_submit():
        with form.refusals():
            open_trial(actor=signed_in_actor(), poll=poll, openings=form.openings())
        if not form.errors:
            return _trial_done(slug, poll_id)
    return _trial_page(poll_id, form, None)


@polls.post("/regions/<slug>/manage/polls/<id:poll_id>/keyholders/trial/code")
def trial_code(slug: str, poll_id: int) -> ResponseReturnValue:
    """Take the code that was found in the trial ballot elsewhere."""
    poll = managed_poll(signed_in_actor(), current_region().id, poll_id)
    form = TrialCodeForm()
    if form.validate_on_submit():
        with form.refusals():
            confirm_trial(actor=signed_in_actor(), poll=poll, code=form.code.data or "")
        if not form.errors:
            return _trial_done(slug, poll_id)
    return _trial_page(poll_id, None, form)


def _trial_page(poll_id: int, form: OpeningForm | None, code_form: TrialCodeForm | None) -> Response:
    actor, region = signed_in_actor(), current_region()
    found = ceremony_of(actor, managed_poll(actor, region.id, poll_id))
    return render(
        "polls/keyholders_trial.html",
        status=(form or code_form or ActForm()).status,
        form=form or opening_form(len(found.keyholders)),
        code_form=code_form or TrialCodeForm(),
        poll=visible_poll(actor, region.id, poll_id),
        ceremony=found,
    )


def _trial_done(slug: str, poll_id: int) -> ResponseReturnValue:
    poll = managed_poll(signed_in_actor(), current_region().id, poll_id)
    if poll.trial_unsealed_at:
        flash(_("The keyholders can open the ballots together. The rules can be fixed now."), "success")
        return see_other(url_for("polls.keyholders", slug=slug, poll_id=poll_id))
    flash(_("The trial ballot was opened. Some keyholders have not tried their file yet."), "info")
    return see_other(url_for("polls.trial", slug=slug, poll_id=poll_id))


@polls.get("/regions/<slug>/manage/polls/<id:poll_id>/keyholders/trial/box")
def trial_file(slug: str, poll_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    lines = trial_box(actor=actor, poll=managed_poll(actor, current_region().id, poll_id))
    return _download(lines, f"trial-{ids.encode(poll_id)}.txt")


@polls.route("/regions/<slug>/polls/<id:poll_id>/keyholder", methods=["GET", "POST"])
def keyholder(slug: str, poll_id: int) -> ResponseReturnValue:
    """A keyholder's own page: the answer to the form is the file, and the server keeps nothing that opens it."""
    actor, region = signed_in_actor(), current_region()
    own_keyholding(actor, region.id, poll_id)
    form = KeyholderForm()
    if form.validate_on_submit():
        with form.refusals():
            file = make_keyholder_file(
                actor=actor, region_id=region.id, poll_id=poll_id, passphrase=form.passphrase.data or ""
            )
            return _download([keyholder_files.write(file)], f"keyholder-{file.number}-{file.poll}.json")
    holding = own_keyholding(actor, region.id, poll_id)
    return render("polls/keyholder.html", status=form.status, form=form, holding=holding)


@polls.post("/regions/<slug>/manage/polls/<id:poll_id>/box")
def box(slug: str, poll_id: int) -> ResponseReturnValue:
    """The sealed box as a file. A POST, because the audit keeps that it was taken out."""
    lines = take_out_box(actor=signed_in_actor(), region_id=current_region().id, poll_id=poll_id)
    return _download(lines, f"box-{ids.encode(poll_id)}.txt")


@polls.route("/regions/<slug>/manage/polls/<id:poll_id>/unseal", methods=["GET", "POST"])
def unseal(slug: str, poll_id: int) -> ResponseReturnValue:
    """Join the key here, with the keyholders around the table; open the box and count behind the answer."""
    actor, region = signed_in_actor(), current_region()
    form = opening_form(managed_poll(actor, region.id, poll_id).keyholders_needed)
    if form.validate_on_submit():
        with form.refusals():
            require_no_count(region_id=region.id, poll_id=poll_id)
            opened = key_for_counting(actor=actor, region_id=region.id, poll_id=poll_id, openings=form.openings())
            ask_for_count(actor=actor, region_id=region.id, poll_id=poll_id)
            count = partial(count_with_key, actor=actor, region_id=region.id, poll_id=poll_id, opened=opened)
            count_after_answer(count, region.id, poll_id)
        if not form.errors:
            return see_other(url_for("polls.manage", slug=slug, poll_id=poll_id))
    return _unseal_page(poll_id, form, None)


@polls.post("/regions/<slug>/manage/polls/<id:poll_id>/unseal/ballots")
def unsealed(slug: str, poll_id: int) -> ResponseReturnValue:
    """Take the file of ballots that the keyholders unsealed elsewhere, if it is signed; count it behind the answer."""
    actor, region, form = signed_in_actor(), current_region(), BallotsFileForm()
    if form.validate_on_submit():
        with form.refusals():
            require_no_count(region_id=region.id, poll_id=poll_id)
            require_ballots_file(actor=actor, region_id=region.id, poll_id=poll_id, content=form.ballots.data.stream)
            ask_for_count(actor=actor, region_id=region.id, poll_id=poll_id)
            kept = _kept(form.ballots.data.stream)
            count_after_answer(partial(_count_file, actor, region.id, poll_id, kept), region.id, poll_id)
        if not form.errors:
            return see_other(url_for("polls.manage", slug=slug, poll_id=poll_id))
    return _unseal_page(poll_id, None, form)


def _kept(upload: BinaryIO) -> BinaryIO:
    """What was uploaded is closed with the request; this is ours, on the disk, without a name and gone once closed."""
    file: BinaryIO = TemporaryFile()  # noqa: SIM115 – whoever counts closes it
    upload.seek(0)
    shutil.copyfileobj(upload, file)
    return file


def _count_file(actor: Actor, region_id: int, poll_id: int, file: BinaryIO) -> None:
    with file:
        count_unsealed(actor=actor, region_id=region_id, poll_id=poll_id, content=file)


def _unseal_page(poll_id: int, form: OpeningForm | None, file_form: BallotsFileForm | None) -> Response:
    actor, region = signed_in_actor(), current_region()
    needed = managed_poll(actor, region.id, poll_id).keyholders_needed
    return render(
        "polls/unseal.html",
        status=(form or file_form or ActForm()).status,
        form=form or opening_form(needed),
        file_form=file_form or BallotsFileForm(),
        poll=visible_poll(actor, region.id, poll_id),
        needed=needed,
        ending=end_of_voting(region.id, poll_id),
        asked=asked_count(actor, region.id, poll_id),
    )


def _download(lines: Iterable[str], name: str) -> Response:
    """Written down first, beyond a mebibyte on the disk: a box of a hundred thousand envelopes is not held in memory,
    and whoever loads it slowly does not hold the database."""
    spooled = SpooledTemporaryFile(_PIECE)  # noqa: SIM115 – who reads it to its end closes it
    spooled.writelines(line.encode() for line in lines)
    answer = Response(_pieces(spooled), mimetype="text/plain")
    answer.content_length = spooled.tell()
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.cache_control.no_store = True
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
