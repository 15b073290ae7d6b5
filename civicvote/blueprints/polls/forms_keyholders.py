"""Forms of keyholders and of those who name them. Files and passphrases are read in memory and nowhere kept."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional

from civicvote.domain.polls.box.keyholder_files import LEAST_PASSPHRASE, MOST_BYTES
from civicvote.domain.polls.box.shares import FEWEST_NEEDED, MOST_KEYHOLDERS
from civicvote.domain.polls.services import Opening
from civicvote.web.forms import Form, WholeNumberField, strip

_MOST_TYPED = 4_000


class KeyholdersForm(Form):
    addresses = TextAreaField(
        _l("Mail addresses of the keyholders"),
        description=_l("One a line, 2 to 9 people with an account here. Empty: the key lies in a file on the server."),
        filters=[strip],
        validators=[Length(max=_MOST_TYPED, message=_l("This is too long: at most %(max)d characters."))],
    )
    needed = WholeNumberField(
        _l("How many of them are needed together"),
        description=_l("For example 3 of 5: two may be ill or lose their file, and two alone open nothing."),
        validators=[
            Optional(),
            NumberRange(FEWEST_NEEDED, MOST_KEYHOLDERS, message=_l("Enter a whole number from %(min)s to %(max)s.")),
        ],
    )

    @property
    def listed(self) -> list[str]:
        return [line.strip() for line in (self.addresses.data or "").splitlines() if line.strip()]


class KeyholderForm(Form):
    passphrase = PasswordField(
        _l("Passphrase of your file"),
        description=_l(
            "At least %(least)s characters, best several words that do not belong together. Nobody can renew it.",
            least=LEAST_PASSPHRASE,
        ),
        validators=[InputRequired(_l("Write a passphrase."))],
    )
    passphrase_again = PasswordField(
        _l("The passphrase once more"),
        validators=[EqualTo("passphrase", message=_l("The two passphrases are not the same."))],
    )


class TrialCodeForm(Form):
    code = StringField(
        _l("Code in the trial ballot, with the proofs"),
        filters=[strip],
        validators=[
            InputRequired(_l("Write the code of the trial ballot.")),
            Length(max=_MOST_TYPED, message=_l("This is too long: at most %(max)d characters.")),
        ],
    )


class BallotsFileForm(Form):
    ballots = FileField(_l("File of ballots"), validators=[FileRequired(_l("Choose the file."))])


class OpeningForm(Form):
    """As many files with their passphrases as there are places; made by ``opening_form``."""

    def openings(self) -> list[Opening]:
        """In the order of the fields, those left empty too: a refusal names the place."""
        return [Opening(_content(file), passphrase.data or "") for file, passphrase in self.pairs]

    @property
    def pairs(self) -> Sequence[tuple[Any, Any]]:
        places = range(1, MOST_KEYHOLDERS + 1)
        return [(self[f"file_{n}"], self[f"passphrase_{n}"]) for n in places if f"file_{n}" in self]


def opening_form(places: int) -> OpeningForm:
    """The form for this many keyholders."""
    fields: dict[str, Any] = {}
    for place in range(1, places + 1):
        fields[f"file_{place}"] = FileField(_l("File %(place)s", place=place))
        fields[f"passphrase_{place}"] = PasswordField(_l("Passphrase of file %(place)s", place=place))
    made: OpeningForm = type("_OpeningForm", (OpeningForm,), fields)()
    return made


def _content(file: Any) -> bytes:
    return bytes(file.data.read(MOST_BYTES + 1)) if file.data else b""
