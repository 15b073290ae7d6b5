"""Tables of proposals that a clerk brings from a round table: sent, checked, taken in or given up."""

from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from civicvote.blueprints.proposals.answers import field_names
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.db import reading
from civicvote.domain.proposals.queries_importing import import_details, imports_of, known_words
from civicvote.domain.proposals.services_importing import give_up_import, keep_checked_table, take_in_proposals
from civicvote.domain.proposals.tables.columns import REQUIRED, ImportColumn
from civicvote.domain.proposals.tables.rows import MOST_ROWS, SOURCE_LENGTHS, clean_source, read_table
from civicvote.domain.rounds.policy import is_open
from civicvote.domain.rounds.queries import announced_round, running_round
from civicvote.kernel.errors import Conflict
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import signed_in_actor
from civicvote.web.csv_files import csv_file
from civicvote.web.forms import Form, strip
from civicvote.web.htmx import render, see_other
from civicvote.web.labels import label
from civicvote.web.messages import sentence
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round

#: A page shows so many rows of each kind; all of them stand in the file.
ROWS_SHOWN = 100


class TableForm(Form):
    table = FileField(_l("Table of proposals (CSV or JSON)"), validators=[FileRequired(_l("Choose the file."))])
    source = StringField(
        _l("Where the proposals come from"),
        filters=[strip],
        validators=[
            InputRequired(_l("Fill this in.")),
            Length(
                max=SOURCE_LENGTHS[1],
                message=_l("This is too long: at most %(limit)s characters.", limit=SOURCE_LENGTHS[1]),
            ),
        ],
    )


@proposals.get("/regions/<slug>/desk/proposal-imports")
def imports(slug: str) -> ResponseReturnValue:
    region_id, cursor = current_region().id, request.args.get("after")
    round_ = running_round(region_id)
    return render(
        "proposals/imports.html",
        fragment="proposals/_import_rows.html",
        listed=imports_of(signed_in_actor(), region_id, cursor=cursor),
        cursor=cursor,
        round=round_,
        is_taking=round_ is not None and is_open(round_, Permission.PROPOSAL_IMPORT),
    )


@proposals.route("/regions/<slug>/rounds/<id:round_id>/proposals/import", methods=["GET", "POST"])
def import_table(slug: str, round_id: int) -> ResponseReturnValue:
    form = TableForm()
    if form.validate_on_submit():
        with form.refusals():
            kept_id = _checked(form, round_id)
            return see_other(url_for("proposals.show_import", slug=slug, import_id=kept_id))
    round_ = announced_round(current_region().id, round_id)
    return render("proposals/import.html", status=form.status, form=form, round=round_, **_shape(round_))


def _checked(form: TableForm, round_id: int) -> int:
    """Read what was sent before the transaction that keeps it begins. The import's id."""
    source, data = clean_source(form.source.data), form.table.data.read()
    with reading():
        known = known_words(announced_round(current_region().id, round_id))
    table = read_table(data, known, source=source)
    round_ = announced_round(current_region().id, round_id)
    kept = keep_checked_table(
        actor=signed_in_actor(), round=round_, table=table, source=source, file_name=form.table.data.filename or ""
    )
    return kept.id


def _shape(round_: "Round") -> dict[str, Any]:
    return {
        "columns": [(column, label(column), column in REQUIRED) for column in ImportColumn],
        "field_names": field_names(round_),
        "most_rows": MOST_ROWS,
    }


@proposals.get("/regions/<slug>/desk/proposal-imports/<id:import_id>")
def show_import(slug: str, import_id: int) -> ResponseReturnValue:
    details = import_details(signed_in_actor(), current_region().id, import_id)
    round_ = announced_round(current_region().id, details.view.round_id)
    return render(
        "proposals/import_checked.html",
        details=details,
        view=details.view,
        round=round_,
        rows=details.rows[:ROWS_SHOWN],
        refused=details.refused[:ROWS_SHOWN],
        field_names=field_names(round_),
        is_taking=is_open(round_, Permission.PROPOSAL_IMPORT),
    )


@proposals.post("/regions/<slug>/desk/proposal-imports/<id:import_id>/take")
def take_import(slug: str, import_id: int) -> ResponseReturnValue:
    try:
        done = take_in_proposals(actor=signed_in_actor(), region_id=current_region().id, import_id=import_id)
        count = done.accepted_count
        flash(ngettext("%(num)s proposal was taken in.", "%(num)s proposals were taken in.", count), "success")
    except Conflict as refusal:
        flash(sentence(refusal), "error")
    return see_other(url_for("proposals.show_import", slug=slug, import_id=import_id))


@proposals.post("/regions/<slug>/desk/proposal-imports/<id:import_id>/give-up")
def give_up(slug: str, import_id: int) -> ResponseReturnValue:
    try:
        give_up_import(actor=signed_in_actor(), region_id=current_region().id, import_id=import_id)
        flash(_("The table was thrown away. Nothing of it was taken in."), "success")
    except Conflict as refusal:
        flash(sentence(refusal), "error")
    return see_other(url_for("proposals.imports", slug=slug))


@proposals.get("/regions/<slug>/desk/proposal-imports/<id:import_id>/refused.csv")
def refused_rows(slug: str, import_id: int) -> ResponseReturnValue:
    """The rows that were left out, as a table that can be corrected and sent again: columns that say what is wrong are
    passed over when it is read."""
    details = import_details(signed_in_actor(), current_region().id, import_id)
    heads = [*(str(label(column)) for column in ImportColumn), _("Line"), _("Column"), _("What is wrong")]
    rows = (
        [
            *(row.cells.get(column.value, "") for column in ImportColumn),
            str(row.line),
            str(label(row.column)) if row.column else "",
            str(label(row.problem)),
        ]
        for row in details.refused
    )
    return csv_file("refused-proposals.csv", heads, rows)
