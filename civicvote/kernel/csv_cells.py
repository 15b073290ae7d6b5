"""Cells of exported tables that a spreadsheet shows instead of running."""

import re

#: What a spreadsheet may skip before it looks for a formula: blanks, marks without width, the byte order mark.
_SKIPPED = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*"
#: Signs that begin a formula, in their full-width forms too (a Korean or Japanese spreadsheet narrows them).
_FORMULA = re.compile(rf"{_SKIPPED}[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")


def safe_cell(text: str) -> str:
    """``text`` for a cell of a CSV file, with an apostrophe before whatever a spreadsheet could take for a formula.

    Numbers stay numbers, negative ones too. Source: OWASP, "CSV Injection"."""
    if _NUMBER.fullmatch(text):
        return text
    if _FORMULA.match(text) or text.startswith(("\t", "\r", "\n")):
        return f"'{text}"
    return text
