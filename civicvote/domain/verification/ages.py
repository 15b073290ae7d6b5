"""Ages in full years, as the law counts them: somebody is 18 from the 18th birthday on (Civil Act, Articles 158, 160).

Whoever was born on 29 February has the birthday on 1 March in other years.
"""

from datetime import date

#: From this age on nobody needs the day of birth any more, only the year (bands of turnout).
DAY_KEPT_BELOW = 19


def age_on(day: date, born_on: date) -> int:
    """Full years on ``day``; below zero before birth."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def latest_birth(day: date, age: int) -> date:
    """The latest day of birth with which somebody is ``age`` years old on ``day``."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, in a year that has none
        return date(day.year - age, 2, 28)


def day_to_keep(born_on: date | None, today: date) -> date | None:
    """The day of birth where it must be kept: of minors only, until they come of age."""
    return born_on if born_on is not None and age_on(today, born_on) < DAY_KEPT_BELOW else None


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
