"""Why a whole list of people is sent back. What concerns one row is a ``RowProblem`` and leaves the others alone."""

from civicvote.kernel.errors import Invalid


class ListRefused(Invalid):
    """Any reason to send a list back."""

    field = "people"


class ListNotText(ListRefused):
    """Neither UTF-8 nor CP949, or with signs that no text holds."""

    code = "list_not_text"


class ListIsWorkbook(ListRefused):
    """A spreadsheet's own file instead of its table as text."""

    code = "list_is_workbook"


class ListEmpty(ListRefused):
    """There is no row below the heads of the columns."""

    code = "list_empty"


class ListColumnMissing(ListRefused):
    """A column without which nobody can be told. ``column`` names it."""

    code = "list_column_missing"


class ListColumnTwice(ListRefused):
    """Two columns say the same, and nobody knows which of them is right. ``column`` names it."""

    code = "list_column_twice"


class ListHasNumberColumn(ListRefused):
    """A column is headed as resident registration numbers. Nothing below it was read."""

    code = "list_has_number_column"


class ListBroken(ListRefused):
    """A quotation mark at ``line`` is never closed, or stands in the middle of a cell."""

    code = "list_broken"


class ListTooLong(ListRefused):
    """More rows than ``limit``."""

    code = "list_too_long"
