"""Letters with a code: how numbers and codes look on paper, how forgiving they are when typed, and what refuses them.

Signs are Crockford's base 32: no I, L, O or U, so that nothing reads like something else. A number (30 random bits)
finds the letter; a code (50 random bits, five tries) opens it.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civicvote.domain.accounts.residency import ResidencyClass
from civicvote.domain.verification.identity import normal_name, read_birth_date
from civicvote.domain.verification.rows import ListColumn, ListedPerson, ListShape
from civicvote.kernel.errors import Conflict, Invalid, NotFound
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
NUMBER_LENGTH = 6
CODE_LENGTH = 10

TRIES = 5
#: A letter needs a few days to arrive; a month later the list it was made from may be wrong.
SHORTEST_DAYS, USUAL_DAYS, LONGEST_DAYS = 7, 30, 90

LETTER_LIST = ListShape(
    required=frozenset({ListColumn.NAME, ListColumn.BIRTH_DATE, ListColumn.ADDRESS}),
    optional=frozenset({ListColumn.CLASS, ListColumn.DISTRICT, ListColumn.EXCLUDED}),
    most_rows=2_000,  # what one browser prints in one go
)


class LettersRefuseRows(Invalid):
    """Rows of the list can't be used, and the sender wants all letters or none."""

    code = "letters_refuse_rows"
    field = "people"


class LetterDaysUnusable(Invalid):
    """A letter is valid from ``shortest`` to ``longest`` days."""

    code = "letter_days_unusable"
    field = "valid_days"


class UnknownLetterBatch(NotFound):
    code = "unknown_letter_batch"


class LettersNotWithdrawable(Conflict):
    """Every letter of the batch was used or withdrawn already."""

    code = "letters_not_withdrawable"


class LetterNotMatched(Invalid):
    """Number, code, name and birth date do not belong together. It never says which of them is wrong, nor whether there
    is such a letter; the try that it costs the letter stays counted."""

    code = "letter_not_matched"
    is_recorded = True


class LetterUsed(Conflict):
    code = "letter_used"


class LetterExpired(Conflict):
    code = "letter_expired"


class LetterWithdrawn(Conflict):
    code = "letter_withdrawn"


class LetterTriesSpent(Conflict):
    code = "letter_tries_spent"


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter on its way to the printer, the only place where name, address and code stand together."""

    name: str
    address: str
    number: str
    code: str


@dataclass(frozen=True, slots=True)
class MadeLetters:
    """What one request made, to be printed at once."""

    letters: list[PrintedLetter]
    made_at: datetime
    expires_at: datetime


def addressee(*, name: str, born_on: str, address: str, residency_class: ResidencyClass, today: date) -> ListedPerson:
    """Somebody who gets a single letter, as a clerk typed it.

    Raises ``PersonalNumber``, ``LegalNameMissing``, ``BirthDateUnreadable``, ``ControlCharacters``."""
    for field, typed in (("legal_name", name), ("address", address)):
        refuse_personal_numbers(typed, field=field)
    normal_name(name)
    return ListedPerson(
        line=1,
        name=" ".join(clean_text(name).split()),
        born_on=read_birth_date(born_on, today=today),
        address=clean_text(address),
        residency_class=residency_class,
    )


def new_number() -> str:
    return _random(NUMBER_LENGTH)


def new_code() -> str:
    return _random(CODE_LENGTH)


def _random(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))


def grouped(signs: str) -> str:
    """In two groups, as it is printed: ``7QK-2MD``, ``F3X9K-72WQP``."""
    half = len(signs) // 2
    return f"{signs[:half]}-{signs[half:]}"


def read_number(typed: str) -> str | None:
    """The number that was meant, or None where this can't be one."""
    return _read(typed, NUMBER_LENGTH)


def read_code(typed: str) -> str | None:
    """The code that was meant, or None where this can't be one."""
    return _read(typed, CODE_LENGTH)


def _read(typed: str, length: int) -> str | None:
    """Blanks, dashes and dots are dropped, small letters are large ones, O is 0, I and L are 1."""
    normal = unicodedata.normalize("NFKC", typed).upper()
    signs = "".join(each for each in normal if unicodedata.category(each)[0] not in "ZPCS").translate(_READ_AS)
    return signs if len(signs) == length and all(each in _SIGNS for each in signs) else None


def letter_mac(keys: KeyRing, *, region_id: int, number: str, code: str) -> str:
    """What is stored of a code: of use for this letter of this region only."""
    return keys.mac("letter code", f"{region_id}\n{number}\n{code}")


def letter_fits(keys: KeyRing, mac: str, *, region_id: int, number: str, code: str) -> bool:
    return keys.mac_fits("letter code", f"{region_id}\n{number}\n{code}", mac)


def lifetime(valid_days: int) -> timedelta:
    """How long letters of so many days are valid. Raises ``LetterDaysUnusable``."""
    if not SHORTEST_DAYS <= valid_days <= LONGEST_DAYS:
        raise LetterDaysUnusable(shortest=SHORTEST_DAYS, longest=LONGEST_DAYS)
    return timedelta(days=valid_days)
