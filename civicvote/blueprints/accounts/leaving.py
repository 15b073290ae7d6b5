"""Take one's data along, and close the account."""

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.accounts.account import own
from civicvote.blueprints.accounts.blueprint import accounts
from civicvote.blueprints.accounts.forms import ProofForm
from civicvote.domain.lifecycle.services_closing import leave
from civicvote.domain.reporting.queries_person import everything_about
from civicvote.web import auth
from civicvote.web.htmx import render, see_other
from civicvote.web.passwords import prove_again
from civicvote.web.person_archive import archive_of


@accounts.route("/me/account/data", methods=["GET", "POST"])
def data() -> ResponseReturnValue:
    form, mine = ProofForm(), own()
    if form.validate_on_submit():
        with form.refusals():
            prove_again(form.current_password.data)
        if not form.errors:
            answer = Response(archive_of(everything_about(mine.person_id)), mimetype="application/zip")
            answer.headers["Content-Disposition"] = "attachment; filename=civicvote-my-data.zip"
            answer.cache_control.no_store = True
            return answer
    return render("accounts/data.html", status=form.status, form=form, account=mine)


@accounts.route("/me/account/close", methods=["GET", "POST"])
def close() -> ResponseReturnValue:
    form, mine = ProofForm(), own()
    if form.validate_on_submit():
        with form.refusals():
            prove_again(form.current_password.data)
            pseudonym = leave(person_id=mine.person_id)
        if not form.errors:
            auth.end_session()
            said = _("Your account is closed. What you wrote in public stands under the name “%(name)s” from now on.")
            flash(said % {"name": pseudonym})
            return see_other(url_for("home.index"))
    return render("accounts/close.html", status=form.status, form=form, account=mine)
