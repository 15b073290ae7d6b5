"""Marks of identity: the same person gives the same mark whichever desk, letter or list they come from.

A mark is a keyed hash of the region and of what identifies the person: a provider's identifier, or name and birth date
in one normal form. Neither is stored. Marks of two regions can't be compared.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from civicvote.domain.verification.kinds import MarkKind
from civicvote.kernel.errors import Invalid
from civicvote.kernel.keys import KeyRing

_EARLIEST = date(1900, 1, 1)


class BirthDateUnreadable(Invalid):
    """The birth date is no day of the calendar, lies in the future or before 1900."""

    code = "birth_date_unreadable"
    field = "born_on"


class LegalNameMissing(Invalid):
    """Nothing is left of the name once signs and blanks are taken out."""

    code = "legal_name_missing"
    field = "legal_name"


@dataclass(frozen=True, slots=True)
class Mark:
    kind: MarkKind
    identity_hash: str


def name_and_birth_mark(keys: KeyRing, *, region_id: int, name: str, born_on: date) -> Mark:
    """The mark of a name and a birth date. Raises ``LegalNameMissing``."""
    text = f"{region_id}\n{normal_name(name)}\n{born_on.isoformat()}"
    return Mark(MarkKind.NAME_AND_BIRTH, keys.identity_hash("name and birth", text))


def provider_mark(keys: KeyRing, *, region_id: int, identifier: str) -> Mark:
    """The mark of what an identity provider calls the person (in Korea the 연계정보, the same at every provider)."""
    return Mark(MarkKind.PROVIDER, keys.identity_hash("provider", f"{region_id}\n{identifier}"))


def normal_name(name: str) -> str:
    """Letters only, composed, case folded: ``홍 길동`` is ``홍길동``, and ``Hong, Gil-Dong`` is ``HONG GILDONG``.

    Raises ``LegalNameMissing``."""
    normal = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(each for each in normal if unicodedata.category(each)[0] in "LM")
    if not letters:
        raise LegalNameMissing
    return unicodedata.normalize("NFC", letters)


def read_birth_date(text: str, *, today: date) -> date:
    """``1950-03-07``, ``1950.3.7``, ``1950. 3. 7.``, ``19500307``, ``1950년 3월 7일``. Raises ``BirthDateUnreadable``.

    Two-digit years are refused: nobody can tell 1925 from 2025."""
    normal = unicodedata.normalize("NFKC", text).strip()
    parts = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", normal) or re.fullmatch(
        r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?", normal
    )
    try:
        born_on = date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        born_on = None
    if born_on is None or not _EARLIEST <= born_on <= today:
        raise BirthDateUnreadable
    return born_on
