"""Why an import is refused; what concerns one row is an ``ImportProblem`` and leaves the others alone."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class TableRefused(Invalid):
    """Any reason to send a whole table back."""

    field = "table"


class TableUnreadable(TableRefused):
    """Neither UTF-8 nor CP949, or with signs that no text holds."""

    code = "table_unreadable"


class TableIsWorkbook(TableRefused):
    """A spreadsheet's own file instead of its table as text."""

    code = "table_is_workbook"


class TableBroken(TableRefused):
    """A quotation mark at ``line`` is never closed, or stands in the middle of a cell."""

    code = "table_broken"


class TableNotJson(TableRefused):
    """It begins like JSON and is none, or is no list of proposals."""

    code = "table_not_json"


class TableEmpty(TableRefused):
    """There is no row below the heads of the columns."""

    code = "table_empty"


class TableTooLong(TableRefused):
    """More rows than ``limit``."""

    code = "table_too_long"


class TableColumnMissing(TableRefused):
    """``column`` has to be there."""

    code = "table_column_missing"


class TableColumnTwice(TableRefused):
    """Two columns say the same, and nobody knows which of them is right. ``column`` names it."""

    code = "table_column_twice"


class SourceTooShort(Invalid):
    """Fewer than ``least`` characters say where the proposals come from."""

    code = "source_too_short"
    field = "source"


class SourceTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "source_too_long"
    field = "source"


class UnknownImport(NotFound):
    code = "unknown_import"


class ImportSettled(Conflict):
    """It was taken in already."""

    code = "import_settled"


class ImportWithoutRows(Conflict):
    """Not one row of it can be taken."""

    code = "import_without_rows"
