"""What a clerk reads when a table of proposals is sent back; ``messages`` takes them in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

IMPORT_SENTENCES: dict[str, LazyString] = {
    "table_unreadable": _l("This file is no text. Save the table as CSV and choose that file."),
    "table_is_workbook": _l("This is a spreadsheet's own file. Save it as “CSV UTF-8” and choose that one."),
    "table_broken": _l(
        "From line %(line)s on the file can't be read: a quotation mark is not closed there, or a cell is far too long."
    ),
    "table_not_json": _l("This is no list of proposals in JSON."),
    "table_empty": _l("There is no row below the names of the columns."),
    "table_too_long": _l("This table is too long: at most %(limit)s proposals at once. Divide it."),
    "table_column_missing": _l("The column “%(column)s” is missing. See below how the table must look."),
    "table_column_twice": _l("Two columns mean “%(column)s”. Delete one of them."),
    "source_too_short": _l("Say where the proposals come from, in at least %(least)s characters."),
    "source_too_long": _l("This is too long: at most %(limit)s characters."),
    "unknown_import": _l("There is no such import. Tables are kept for 30 days."),
    "import_settled": _l("This table was taken in already."),
    "import_without_rows": _l("Not one row of this table can be taken in: they all stand in the round already."),
}
