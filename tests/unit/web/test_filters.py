"""Money and dates as people say them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import ngettext

from civicvote.kernel import clock
from civicvote.web import filters

PLN = SimpleNamespace(currency="PLN", currency_exponent=2)


@pytest.fixture
def korean(session_app: Flask) -> Iterator[None]:
    with session_app.test_request_context("/"):
        yield


@pytest.fixture
def english(session_app: Flask) -> Iterator[None]:
    with session_app.test_request_context("/", environ_overrides={"civicvote.locale": "en"}):
        yield


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0원"),
        (950, "950원"),
        (10_000, "1만 원"),
        (325_000_000, "3억 2,500만 원"),
        (1_234_567_890, "12억 3,456만 7,890원"),
        (2_000_000_000_000, "2조 원"),
        (-5_000_000, "-500만 원"),
    ],
)
@pytest.mark.usefixtures("korean")
def test_won_in_korean_prose_is_exact(amount: int, text: str) -> None:
    assert filters.money(amount) == text


@pytest.mark.parametrize(("amount", "text"), [(325_000_000, "₩325 million"), (1_500, "₩1,500"), (0, "₩0")])
@pytest.mark.usefixtures("english")
def test_won_in_english(amount: int, text: str) -> None:
    assert filters.money(amount) == text


@pytest.mark.usefixtures("korean")
def test_other_currencies_keep_their_digits() -> None:
    assert filters.money(1_240_050, PLN) == "12,400.50 PLN"


@pytest.mark.parametrize(("amount", "text"), [(325_000_000, "325,000"), (1_500, "1.5"), (0, "0"), (-2_000, "-2")])
def test_thousands_hide_nothing(amount: int, text: str) -> None:
    assert filters.thousands(amount) == text


@pytest.mark.usefixtures("korean")
def test_dates_stand_where_the_residents_are() -> None:
    moment = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)
    assert filters.when(moment) == "2026. 11. 22.(일) 14:05"
    assert filters.day(datetime(2026, 11, 21, 20, 0, tzinfo=UTC)) == "2026. 11. 22.(일)"


@pytest.mark.usefixtures("korean")
def test_time_left_counts_down_and_ends() -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    with clock.frozen_at(moment):
        assert filters.time_left(moment + timedelta(days=3, hours=2)) == "3일 남음"
        assert filters.time_left(moment + timedelta(hours=5)) == "5시간 남음"
        assert filters.time_left(moment + timedelta(seconds=20)) == "1분 남음"
        assert filters.time_left(moment) == ""


@pytest.mark.parametrize(("language", "sentence"), [("ko", "댓글 1,156개"), ("en", "1,156 comments")])
def test_numbers_in_sentences_have_separators_in_templates_and_in_code(
    session_app: Flask, language: str, sentence: str
) -> None:
    asked_for = '{{ ngettext("%(num)s comment", "%(num)s comments", 1156) }}'
    with session_app.test_request_context("/", environ_overrides={"civicvote.locale": language}):
        assert session_app.jinja_env.from_string(asked_for).render() == sentence
        assert ngettext("%(num)s comment", "%(num)s comments", 1156) == sentence
