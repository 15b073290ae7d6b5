"""Limits on tries: per name, over a moving window, shared through Redis, never moved by what the client says."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import redis
import time_machine
from flask import Flask
from structlog.testing import capture_logs

from civicvote.app import create_app
from civicvote.kernel import clock
from civicvote.kernel.errors import TooManyTries
from civicvote.web import throttle
from civicvote.web.throttle import RATES, Limit
from tests.conftest import make_settings, service_missing

REDIS = os.environ.get("CIVICVOTE_TEST_REDIS", "redis://127.0.0.1:6379/9")
NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def _host(folder: Path, *, redis_url: str = "", secret: str = "a" * 40, trusted_proxies: int = 0) -> Flask:
    settings = make_settings(folder, "sqlite://")
    return create_app(replace(settings, secret_key=secret, redis_url=redis_url, trusted_proxies=trusted_proxies))


@contextmanager
def _request(app: Flask, address: str = "203.0.113.5") -> Iterator[None]:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        yield


def _use_up(limit: Limit, *names: object) -> None:
    for _ in range(RATES[limit].amount):
        throttle.spend(limit, *names)


@pytest.fixture
def host(tmp_path: Path) -> Flask:
    return _host(tmp_path)


def test_every_limit_has_a_rate_and_a_reason() -> None:
    assert set(RATES) == set(Limit)
    assert all(rate.amount > 1 and rate.reason for rate in RATES.values())


def test_a_limit_is_for_its_own_names_only(host: Flask) -> None:
    with _request(host):
        _use_up(Limit.TOTP, 1)
        with pytest.raises(TooManyTries):
            throttle.spend(Limit.TOTP, 1)
        throttle.spend(Limit.TOTP, 2)
        throttle.check(Limit.PASSWORD_AGAIN, 1)


def test_names_do_not_run_together(host: Flask) -> None:
    with _request(host):
        _use_up(Limit.SIGN_IN_HERE, "a", "bc")
        throttle.check(Limit.SIGN_IN_HERE, "ab", "c")


def test_looking_counts_nothing_and_success_forgets(host: Flask) -> None:
    with _request(host):
        for _ in range(RATES[Limit.TOTP].amount + 1):
            throttle.check(Limit.TOTP, 1)
        for _ in range(RATES[Limit.TOTP].amount):
            throttle.count(Limit.TOTP, 1)
        with pytest.raises(TooManyTries):
            throttle.check(Limit.TOTP, 1)
        throttle.forget(Limit.TOTP, 1)
        throttle.check(Limit.TOTP, 1)


def test_it_opens_again_when_it_says_even_for_whoever_kept_trying(host: Flask) -> None:
    rate = RATES[Limit.TOTP]
    with _request(host), time_machine.travel(0, tick=False) as travelling:
        _use_up(Limit.TOTP, 1)
        for _ in range(5):
            travelling.shift(rate.per / 10)
            with pytest.raises(TooManyTries) as refusal:
                throttle.spend(Limit.TOTP, 1)
        assert refusal.value.params["again_at"] == clock.now() + rate.per / 2
        travelling.shift(rate.per / 2)
        travelling.shift(1)
        throttle.spend(Limit.TOTP, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.5", "203.0.113.6", False),
        ("::ffff:203.0.113.5", "203.0.113.5", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_a_network_is_one_address_or_one_household(host: Flask, one: str, other: str, same: bool) -> None:
    networks = []
    for address in (one, other):
        with _request(host, address):
            networks.append(throttle.client_network())
    assert (networks[0] == networks[1]) is same


FORGED = [
    {"X-Forwarded-For": "198.51.100.1"},
    {"X-Forwarded-For": "198.51.100.1, 198.51.100.2"},
    {"Forwarded": "for=198.51.100.1"},
    {"X-Real-IP": "198.51.100.1"},
    {"X-Client-IP": "198.51.100.1"},
    {"CF-Connecting-IP": "198.51.100.1"},
]


def _network_seen(app: Flask, headers: dict[str, str]) -> str:
    """What a view behind the whole stack of middleware would count."""
    seen: list[str] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append(throttle.client_network()))
    app.test_client().get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.5"})
    return seen[-1]


@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: next(iter(headers)))
def test_no_header_of_the_client_changes_whom_a_limit_counts(tmp_path: Path, headers: dict[str, str]) -> None:
    assert _network_seen(_host(tmp_path), headers) == "203.0.113.5"


def test_behind_one_proxy_only_what_that_proxy_added_counts(tmp_path: Path) -> None:
    app = _host(tmp_path, trusted_proxies=1)
    real = "192.0.2.77"
    for forged in ("198.51.100.1", "198.51.100.2, 198.51.100.3"):
        assert _network_seen(app, {"X-Forwarded-For": f"{forged}, {real}"}) == real


@pytest.fixture
def redis_url() -> str:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.exceptions.ConnectionError:
        service_missing("no Redis at CIVICVOTE_TEST_REDIS")
    return REDIS


def test_hosts_share_their_counts_through_redis_and_it_learns_no_names(tmp_path: Path, redis_url: str) -> None:
    secret = uuid.uuid4().hex + uuid.uuid4().hex
    first, second = (_host(tmp_path, redis_url=redis_url, secret=secret) for _ in range(2))
    with _request(first):
        _use_up(Limit.SIGN_IN_HERE, "hana@example.org", "203.0.113.5")
    with _request(second):
        with pytest.raises(TooManyTries):
            throttle.spend(Limit.SIGN_IN_HERE, "hana@example.org", "203.0.113.5")
        throttle.forget(Limit.SIGN_IN_HERE, "hana@example.org", "203.0.113.5")
    with _request(first):
        throttle.spend(Limit.SIGN_IN_HERE, "hana@example.org", "203.0.113.5")
    keys = b" ".join(redis.Redis.from_url(redis_url).keys("civicvote*"))
    assert b"sign_in_here" in keys
    assert b"hana" not in keys
    assert b"203.0" not in keys


def test_without_redis_each_process_counts_for_itself_and_says_so(tmp_path: Path) -> None:
    app = _host(tmp_path, redis_url=NOBODY_LISTENS)
    with capture_logs() as logs, _request(app):
        _use_up(Limit.TOTP, 1)
        with pytest.raises(TooManyTries):
            throttle.spend(Limit.TOTP, 1)
    assert [entry["event"] for entry in logs] == ["counting without Redis", "throttled"]
    assert logs[0]["log_level"] == "warning"
