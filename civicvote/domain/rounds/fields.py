"""The fields (분야) of a round as an officer writes them: one a line, Korean, then English behind a slash."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from civicvote.domain.rounds.errors import FieldNameTooLong, FieldTwice, NoFields
from civicvote.kernel.markup import clean_text

SEPARATOR = "/"
_KEY_LENGTH = 40
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class FieldName:
    """``key`` is what proposals keep; the names are what people read."""

    key: str
    name_ko: str
    name_en: str


class NamedField(Protocol):
    @property
    def name_ko(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def read_fields(text: str) -> list[FieldName]:
    """The fields in ``text``. Without an English name the Korean one stands for both.

    Raises ``NoFields`` for a list without names, ``FieldTwice`` and ``FieldNameTooLong``; all concern ``field_names``.
    """
    found: list[FieldName] = []
    for position, line in enumerate(filter(None, map(str.strip, clean_text(text).split("\n")))):
        name_ko, _, name_en = (part.strip() for part in line.partition(SEPARATOR))
        name_ko, name_en = name_ko or name_en, name_en or name_ko
        if max(len(name_ko), len(name_en)) > _NAME_LENGTH:
            raise FieldNameTooLong(field="field_names", limit=_NAME_LENGTH)
        if any(name_ko == other.name_ko for other in found):
            raise FieldTwice(field="field_names", name=name_ko)
        found.append(FieldName(_key(name_en, position, {other.key for other in found}), name_ko, name_en))
    if not any(each.name_ko for each in found):
        raise NoFields(field="field_names")
    return found


def _key(name: str, position: int, taken: set[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_KEY_LENGTH].rstrip("-")
    return key if key and key not in taken else f"field-{position + 1}"


def write_fields(fields: Iterable[NamedField]) -> str:
    """The text that ``read_fields`` reads."""
    return "\n".join(
        each.name_ko if each.name_en == each.name_ko else f"{each.name_ko} {SEPARATOR} {each.name_en}"
        for each in fields
    )
