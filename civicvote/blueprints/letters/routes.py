"""Letters with a code: a clerk makes, prints and withdraws them; whoever got one enters it."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.letters.forms import EnterForm, LetterListForm, SingleLetterForm, WithdrawLettersForm
from civicvote.blueprints.letters.print_page import print_page
from civicvote.db import reading
from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.verification.identity import read_birth_date
from civicvote.domain.verification.letters import LETTER_LIST, addressee
from civicvote.domain.verification.queries_letters import districts_of, letter_batch, letter_batches
from civicvote.domain.verification.rows import PeopleList, read_people
from civicvote.domain.verification.services_letters import enter_letter, make_letters, withdraw_letters
from civicvote.kernel import clock
from civicvote.web import throttle
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region
from civicvote.web.settings import settings
from civicvote.web.verified import flash_verification

letters = Blueprint("letters", __name__)


@letters.get("/regions/<slug>/letters")
def index(slug: str) -> ResponseReturnValue:
    cursor = request.args.get("after")
    batches = letter_batches(signed_in_actor(), current_region().id, cursor=cursor)
    return render("letters/index.html", fragment="letters/_batches.html", batches=batches, cursor=cursor)


@letters.route("/regions/<slug>/letters/list", methods=["GET", "POST"])
def make(slug: str) -> ResponseReturnValue:
    form, listed = LetterListForm(), PeopleList()
    if form.validate_on_submit():
        with form.refusals():
            with reading():
                districts = districts_of(current_region().id)
            listed = read_people(form.people.data.read(), LETTER_LIST, districts=districts, today=clock.today())
            return _print(form, listed, takes_part_of_list=not form.all_or_none.data)
    return render("letters/make.html", status=form.status, form=form, shape=LETTER_LIST, refused=listed.refused)


@letters.route("/regions/<slug>/letters/single", methods=["GET", "POST"])
def single(slug: str) -> ResponseReturnValue:
    form = SingleLetterForm()
    if form.validate_on_submit():
        with form.refusals():
            person = addressee(
                name=form.legal_name.data,
                born_on=form.born_on.data,
                address=form.address.data,
                residency_class=ResidencyClass(form.residency_class.data),
                today=clock.today(),
            )
            return _print(form, PeopleList([person]), takes_part_of_list=False)
    return render("letters/single.html", status=form.status, form=form)


def _print(
    form: LetterListForm | SingleLetterForm, listed: PeopleList, *, takes_part_of_list: bool
) -> ResponseReturnValue:
    made = make_letters(
        actor=signed_in_actor(),
        region=current_region(),
        listed=listed,
        reason=form.reason.data,
        valid_days=form.valid_days.data,
        takes_part_of_list=takes_part_of_list,
        keys=settings().key_ring,
    )
    return print_page(made, listed.refused)


@letters.route("/regions/<slug>/letters/<id:batch_id>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, batch_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), WithdrawLettersForm()
    if form.validate_on_submit():
        with form.refusals():
            count = withdraw_letters(actor=actor, region_id=region.id, batch_id=batch_id, reason=form.reason.data)
        if not form.errors:
            flash(_("Letters withdrawn: %(count)s. Nobody can use them any more.", count=count), "success")
            return see_other(url_for("letters.index", slug=slug))
    batch = letter_batch(actor, region.id, batch_id)
    return render("letters/withdraw.html", status=form.status, form=form, batch=batch)


@letters.route("/regions/<slug>/letters/enter", methods=["GET", "POST"])
def enter(slug: str) -> ResponseReturnValue:
    form = EnterForm()
    if form.validate_on_submit():
        actor, region = signed_in_actor(), current_region()
        with form.refusals():
            throttle.spend(throttle.Limit.LETTER_CODE, actor.person_id)
            throttle.spend(throttle.Limit.LETTER_CODE_NETWORK, throttle.client_network())
            verification = enter_letter(
                actor=actor,
                region=region,
                number=form.number.data,
                code=form.letter_code.data,
                legal_name=form.legal_name.data,
                born_on=read_birth_date(form.born_on.data, today=clock.today()),
                keys=settings().key_ring,
            )
            flash_verification(verification, current_region())
            return see_other(url_for("accounts.me"))
    return render("letters/enter.html", status=form.status, form=form)
