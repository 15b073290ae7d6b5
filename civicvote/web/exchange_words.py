"""Words for tables of proposals: their columns, and what is wrong with a row; ``labels`` takes them in."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.proposals.tables.columns import ImportColumn, ImportProblem
from civicvote.domain.proposals.tables.exchange import ExportColumn

EXCHANGE_LABELS: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    ExportColumn: {
        ExportColumn.ID: _l("The proposal's number in addresses"),
        ExportColumn.ADDRESS: _l("The address of its page"),
        ExportColumn.TITLE: _l("Title"),
        ExportColumn.SUMMARY: _l("In one sentence"),
        ExportColumn.BODY: _l("The whole text, with the marks of emphasis and lists as they were typed"),
        ExportColumn.FIELD: _l("The key of its field; the keys are listed below"),
        ExportColumn.STATE: _l("What became of it: submitted, on_ballot, selected or not_selected"),
        ExportColumn.DISTRICT: _l("The ten-digit code of its district; empty where none was chosen"),
        ExportColumn.DISTRICT_NAME: _l("The name of its district"),
        ExportColumn.PLACE: _l("The place in its author's words"),
        ExportColumn.LATITUDE: _l("Latitude in degrees (WGS 84); empty without a point on the map"),
        ExportColumn.LONGITUDE: _l("Longitude in degrees (WGS 84)"),
        ExportColumn.AUTHOR: _l("The name under which its author writes here"),
        ExportColumn.SOURCE: _l("The round table from which a clerk brought it; empty otherwise"),
        ExportColumn.ENDORSEMENTS: _l("How many people endorse it"),
        ExportColumn.COMMENTS: _l("How many comments stand below it"),
        ExportColumn.SUBMITTED_AT: _l("When it was submitted (UTC)"),
        ExportColumn.EDITED_AT: _l("When its texts were last changed (UTC); empty if never"),
        ExportColumn.VERSION: _l("The number of its version, from 1"),
    },
    ImportColumn: {  # as they head the columns of a table
        ImportColumn.TITLE: _l("title"),
        ImportColumn.SUMMARY: _l("summary"),
        ImportColumn.BODY: _l("body"),
        ImportColumn.FIELD: _l("field"),
        ImportColumn.PLACE: _l("place"),
        ImportColumn.DISTRICT: _l("dong"),
        ImportColumn.LATITUDE: _l("latitude"),
        ImportColumn.LONGITUDE: _l("longitude"),
        ImportColumn.SOURCE: _l("note"),
    },
    ImportProblem: {
        ImportProblem.TOO_SHORT: _l("The text is missing or too short."),
        ImportProblem.TOO_LONG: _l("The text is too long."),
        ImportProblem.FIELD_UNKNOWN: _l("The round has no such field."),
        ImportProblem.DISTRICT_UNKNOWN: _l("There is no such dong in this region, or several have this name."),
        ImportProblem.POINT: _l("The point on the map can't be read; write both in degrees, like 35.1601."),
        ImportProblem.PERSONAL_NUMBER: _l(
            "A number in it looks like a resident registration number. Nothing of this row was kept."
        ),
        ImportProblem.UNREADABLE: _l("It holds signs that no keyboard writes."),
        ImportProblem.NOT_TEXT: _l("This is no text."),
        ImportProblem.TOO_MANY_CELLS: _l("It has more cells than the first row; put texts with commas into quotes."),
        ImportProblem.TITLE_TWICE: _l("The same title stands further up in the table."),
        ImportProblem.TITLE_STANDS: _l("A proposal with this title stands in the round already."),
    },
}
