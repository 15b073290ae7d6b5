"""Forms: one base class, and the way a refusal of the domain gets beside the field it concerns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import DateTimeLocalField, Field, FileField, IntegerField, StringField
from wtforms.i18n import messages_path
from wtforms.validators import Email

from civicvote.domain.accounts.addresses import normal_address
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.errors import Conflict, Invalid, Refusal, TooManyTries
from civicvote.web.htmx import wants_fragment
from civicvote.web.i18n import current_locale
from civicvote.web.messages import sentence
from civicvote.web.transaction import note_refusal

#: Years that a person can mean; at the ends of the calendar a moment of another zone does not exist.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@cache
def _words_of_wtforms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


class Form(FlaskForm):
    """A form whose refusals, its own and the domain's, are shown on top and beside the field, with a 4xx."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> Any:
            """WTForms' own words, read from their file once and not for each form."""
            return _words_of_wtforms(current_locale())

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> MultiDict[str, Any] | None:
            """Texts for the fields of texts, files for those of files; a JSON body is no form."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if not form.is_submitted():
                return None
            takes_files = {field.name for field in form if isinstance(field, FileField)}
            files = [(name, file) for name, file in request.files.items(multi=True) if name in takes_files]
            return CombinedMultiDict([MultiDict(files), request.form])

    is_throttled = False

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a refusal that the person can do something about into an error of the form; check ``errors`` afterwards.

        ``Invalid`` and ``Conflict`` give 422, ``TooManyTries`` 429."""
        try:
            yield
        except (Invalid, Conflict, TooManyTries) as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal's sentence beside its field, or on top where it has none."""
        note_refusal(refusal)
        self.is_throttled |= isinstance(refusal, TooManyTries)
        message = sentence(refusal)
        if refusal.field and refusal.field in self._fields:
            field: Field = self._fields[refusal.field]
            field.errors = [*field.errors, message]
        else:
            self.form_errors.append(message)

    @property
    def status(self) -> int:
        """The answer's status when the form is shown (again). htmx swaps forms in with 422 only."""
        if self.is_throttled and not wants_fragment():
            return 429
        return 422 if self.errors else 200


def strip(value: str | None) -> str | None:
    """A filter for text fields."""
    return value.strip() if value else value


def only_if_typed(value: Any) -> Any:
    """A filter that turns an empty text into None."""
    return value or None


class MailAddress(Email):
    """A complete mail address, also in the form in which it is kept and written to: there a small ``@`` has become one
    more, and a small comma ends it."""

    def __call__(self, form: Any, field: Any) -> None:
        typed, field.data = field.data, normal_address(field.data or "")
        try:
            super().__call__(form, field)
        finally:
            field.data = typed


class WholeNumberField(IntegerField):
    """A whole number of at most nine digits; longer ones fit neither the checks of ranges nor a column."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip()) > 10:
            self.data = None
            raise ValueError(str(_l("Write a whole number of at most nine digits.")))
        super().process_formdata(valuelist)


class MoneyField(StringField):
    """An amount of whole main units typed with or without thousands separators: ``3,000,000``. Data: int or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").replace(",", "").replace(" ", "").removesuffix("원")
        self.typed = valuelist[0].strip() if valuelist else ""
        if not self.typed:
            self.data = None
            self.raw_data: list[str] = []  # a lone space is nothing, for those who require something, too
        elif text.isascii() and text.isdigit() and len(text) <= 15:
            self.data = int(text)
        else:
            self.data = None
            raise ValueError(str(_l("Write the amount in digits, for example 3,000,000.")))

    def _value(self) -> str:
        if getattr(self, "typed", ""):
            return str(self.typed)
        return f"{self.data:,}" if self.data is not None else ""


class MomentField(DateTimeLocalField):
    """A day and a time as the clocks of the residents show it. Data: an aware moment, or None when left empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        try:
            typed = datetime.fromisoformat(valuelist[0])
        except ValueError:
            typed = None
        if typed is None or not _FIRST_YEAR <= typed.year <= _LAST_YEAR:
            raise ValueError(str(_l("Write the day and the time, for example 2026-03-02T09:00.")))
        self.data = typed.replace(tzinfo=CIVIC_ZONE)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(CIVIC_ZONE).strftime("%Y-%m-%dT%H:%M") if self.data else ""
