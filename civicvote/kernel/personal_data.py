"""Personal numbers that must never be stored: text that looks like a resident registration number is stopped."""

import re
import unicodedata

from civicvote.kernel.errors import Invalid

_DASHES = "-\u2010-\u2015\u2212\u30fc\u3161~_"
_SEPARATED = re.compile(rf"(?<!\d)\d{{6}}\s*[{_DASHES}./·:]\s*\d{{7}}(?!\d)")
_BLANK_OR_NOTHING = re.compile(r"(?<!\d)\d{2}(\d{2})(\d{2})\s*([1-8])\d{6}(?!\d)")


class PersonalNumber(Invalid):
    """The text holds what looks like a resident or foreigner registration number (######-#######)."""

    code = "personal_number"


def holds_personal_number(text: str) -> bool:
    """Whether ``text`` holds six digits, a dash (or its like) and seven digits, or thirteen digits in a row that begin
    with a possible birthday and a possible seventh digit (1 to 8).

    The check digit is not used: numbers given out since October 2020 have none, and a mistyped number is one too.
    """
    normal = unicodedata.normalize("NFKC", text)
    if _SEPARATED.search(normal):
        return True
    return any(1 <= int(month) <= 12 and 1 <= int(day) <= 31 for month, day, _ in _BLANK_OR_NOTHING.findall(normal))


def refuse_personal_numbers(text: str | None, *, field: str | None = None) -> None:
    """Raise ``PersonalNumber`` (for the form's ``field``) before such a text is stored anywhere."""
    if text and holds_personal_number(text):
        raise PersonalNumber(field=field)
