"""Template filters: money as people say it, dates, days left, words for enums."""

from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from civicvote.domain.tally.profile import Points
from civicvote.kernel import clock
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.money import NO_CURRENCY, Money
from civicvote.web.i18n import current_locale, number
from civicvote.web.labels import label

_WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))


class HasCurrency(Protocol):
    @property
    def currency(self) -> str: ...
    @property
    def currency_exponent(self) -> int: ...


def _in_currency(amount: int, region: HasCurrency | None) -> Money:
    return Money(amount, region.currency, region.currency_exponent) if region else Money(amount)


def money(amount: int, region: HasCurrency | None = None) -> str:
    """``amount`` smallest units as prose: 3억 2,500만 원, ₩325 million, 12,400.00 PLN. Always exact."""
    return money_words(_in_currency(amount, region))


def money_words(value: Money) -> str:
    """The same for a ``Money``."""
    amount = value.amount
    if value.currency != "KRW":
        return _all_digits(value)
    if current_locale() == "ko":
        return _korean_won(amount)
    if amount and amount % 1_000_000 == 0:
        return f"₩{amount // 1_000_000:,} million"
    return f"₩{amount:,}"


def _korean_won(amount: int) -> str:
    sign, rest, parts = "-" if amount < 0 else "", abs(amount), []
    for unit, name in _UNITS:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count:,}{name}")
    if rest:
        return f"{sign}{' '.join([*parts, f'{rest:,}원'])}"
    return f"{sign}{' '.join(parts)} 원" if parts else "0원"


def money_full(amount: int, region: HasCurrency | None = None) -> str:
    """All digits: 325,000,000원, ₩325,000,000, 12,400.00 PLN."""
    return _all_digits(_in_currency(amount, region))


def _all_digits(value: Money) -> str:
    digits = f"{value.main_units:,.{value.exponent}f}"
    if value.currency == "KRW":
        return f"{digits}원" if current_locale() == "ko" else f"₩{digits}"
    return digits if value.currency == NO_CURRENCY else f"{digits} {value.currency}"


def thousands(amount: int) -> str:
    """천원 for officers' tables; what is below a thousand shows behind the point."""
    whole, rest = divmod(abs(amount), 1000)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")


def day(moment: datetime | date) -> str:
    """2026. 11. 22.(일) / Sun 22 Nov 2026"""
    return _day(moment.astimezone(CIVIC_ZONE) if isinstance(moment, datetime) else moment, current_locale())


def _day(local: date, language: str) -> str:
    weekday = _WEEKDAYS[language][local.weekday()]
    if language == "ko":
        return f"{local.year}. {local.month}. {local.day}.({weekday})"
    return f"{weekday} {local.day} {local:%b} {local.year}"


def short_day(moment: datetime, beside: datetime) -> str:
    """4. 12. / 12 Apr for lists of dates; with its year where that differs from the year of ``beside``."""
    local, other = moment.astimezone(CIVIC_ZONE), beside.astimezone(CIVIC_ZONE)
    if current_locale() == "ko":
        text = f"{local.month}. {local.day}."
        return text if local.year == other.year else f"{local.year}. {text}"
    return f"{local.day} {local:%b}" if local.year == other.year else f"{local.day} {local:%b} {local.year}"


def when(moment: datetime) -> str:
    """The day with the time, 24 h, where the residents are: 2026. 11. 22.(일) 14:05"""
    return _when(moment, current_locale())


@lru_cache(maxsize=4096)
def _when(moment: datetime, language: str) -> str:
    """Kept: a page of comments asks forty times, and the next reader for the same moments."""
    local = moment.astimezone(CIVIC_ZONE)
    return f"{_day(local, language)}{' ' if language == 'ko' else ', '}{local:%H:%M}"


def time_of_day(moment: datetime) -> str:
    """The time alone, 24 h, where the residents are: 14:05"""
    return f"{moment.astimezone(CIVIC_ZONE):%H:%M}"


def time_left(moment: datetime) -> str:
    """How long until ``moment``: 3일 남음, 5시간 남음, 12분 남음; empty once it passed."""
    seconds = (moment - clock.now()).total_seconds()
    if seconds <= 0:
        return ""
    if seconds >= 86_400:
        days = int(seconds // 86_400)
        return ngettext("%(num)s day left", "%(num)s days left", days)
    if seconds >= 3_600:
        return ngettext("%(num)s hour left", "%(num)s hours left", int(seconds // 3_600))
    return ngettext("%(num)s minute left", "%(num)s minutes left", max(1, int(seconds // 60)))


def ago(moment: datetime) -> str:
    """How long ago, in one unit; the day once it is more than a week."""
    seconds = (clock.now() - moment).total_seconds()
    if seconds < 60:
        return _("just now")
    if seconds < 3_600:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", int(seconds // 60))
    if seconds < 86_400:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", int(seconds // 3_600))
    if seconds < 7 * 86_400:
        return ngettext("%(num)s day ago", "%(num)s days ago", int(seconds // 86_400))
    return day(moment)


def points(value: Points | None) -> str:
    """Votes or points: 1,234, and where they are no whole number three digits behind the point. None: withheld."""
    if value is None:
        return _("fewer than 10 ballots")
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.3f}".rstrip("0").rstrip(".")


def file_size(size: int) -> str:
    """A size in bytes as people know it from their telephone: 340 KB, 1.2 MB."""
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, round(size / 1024))} KB"


def init_app(app: Flask) -> None:
    filters = app.jinja_env.filters
    for function in (
        money,
        money_full,
        thousands,
        day,
        short_day,
        when,
        time_of_day,
        time_left,
        ago,
        number,
        points,
        file_size,
        label,
    ):
        filters[function.__name__] = function
    filters["isodate"] = lambda moment: moment.isoformat()
    app.jinja_env.globals["now"] = clock.now
