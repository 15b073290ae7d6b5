"""How often something may be tried: named limits over a moving window, in Redis for several hosts, in memory for one.

A limit counts for what the caller names (an account, an address, both), never for everybody, and what was refused is
not counted, so that nobody is shut out for longer than the window. The client's address is the one of the connection or
of the trusted proxies before it; no header of the client moves it. Redis knows only MACs of the names. While Redis is
away each process counts for itself.
"""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import TypeVar

import redis
import structlog
from flask import Flask, Response, after_this_request, current_app, request
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from civicvote.kernel import clock
from civicvote.kernel.errors import TooManyTries
from civicvote.web.settings import settings

log = structlog.get_logger("civicvote.throttle")

_EXTENSION = "civicvote.throttle"
_REDIS_SECONDS = 0.5
_PAUSE_SECONDS = 10.0
_SWEEP_SECONDS = 60.0
_Answer = TypeVar("_Answer")


class Limit(StrEnum):
    """What is limited. The names after the dash are what a caller counts by."""

    SIGN_IN_HERE = "sign_in_here"  # account, network
    SIGN_IN_NETWORK = "sign_in_network"  # network
    SIGN_IN_ACCOUNT = "sign_in_account"  # account
    SIGN_IN_DEVICE = "sign_in_device"  # account, device
    PASSWORD_AGAIN = "password_again"  # noqa: S105 – person
    MAIL_TO_ADDRESS = "mail_to_address"  # mail address
    MAIL_FROM_NETWORK = "mail_from_network"  # network
    LINK = "link"  # network
    TOTP = "totp"  # person
    RECOVERY_CODE = "recovery_code"  # person
    PASSKEY = "passkey"  # person
    LETTER_CODE = "letter_code"  # person
    LETTER_CODE_NETWORK = "letter_code_network"  # network
    ROLL_CLAIM = "roll_claim"  # person
    ROLL_CLAIM_NETWORK = "roll_claim_network"  # network
    PROVIDER_CALLBACK = "provider_callback"  # network
    POSTING = "posting"  # person
    OPINION = "opinion"  # person
    UPLOAD = "upload"  # person
    INVITED = "invited"  # address that is invited
    SUGGESTION = "suggestion"  # person
    SEARCH = "search"  # network
    TABLE = "table"  # network
    DRAFT = "draft"  # person
    LOOK_OVER = "look_over"  # person
    CAST = "cast"  # person
    RECEIPTS = "receipts"  # network
    CO_AUTHOR = "co_author"  # person
    SIMULATION = "simulation"  # network


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``amount`` within any window of this length, and why so many."""

    amount: int
    per: timedelta
    reason: str


_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)

RATES: dict[Limit, Rate] = {
    Limit.SIGN_IN_HERE: Rate(10, _QUARTER, "a person who is unsure tries three or four passwords, twice"),
    Limit.SIGN_IN_NETWORK: Rate(
        200, _HOUR, "failures only; a library, a block of flats or a mobile network shares one address"
    ),
    Limit.SIGN_IN_ACCOUNT: Rate(
        50, _HOUR, "failures from devices that never signed in there: many hosts guessing at one account"
    ),
    Limit.SIGN_IN_DEVICE: Rate(20, _HOUR, "a device that signed in before is let through whatever strangers do"),
    Limit.PASSWORD_AGAIN: Rate(10, _QUARTER, "a borrowed, signed-in device must not be a way to guess the password"),
    Limit.MAIL_TO_ADDRESS: Rate(5, _HOUR, "nobody's mailbox is filled through us; five links that all work suffice"),
    Limit.MAIL_FROM_NETWORK: Rate(60, _HOUR, "a sign-up table at a town meeting shares one address"),
    Limit.LINK: Rate(120, _HOUR, "what opens nothing; a link can't be guessed, this keeps the noise down"),
    Limit.TOTP: Rate(10, _QUARTER, "1,000,000 codes, three of them valid at a time: a guess takes 347 days on average"),
    Limit.RECOVERY_CODE: Rate(10, _HOUR, "typed from paper, so a few slips; too long to be guessed"),
    Limit.PASSKEY: Rate(30, _QUARTER, "devices fail and are asked again; nothing can be guessed"),
    Limit.LETTER_CODE: Rate(10, _HOUR, "each letter allows five tries of its own; this covers two letters"),
    Limit.LETTER_CODE_NETWORK: Rate(60, _HOUR, "a neighbourhood desk helps many people with their letters"),
    Limit.ROLL_CLAIM: Rate(5, _HOUR, "one's own name and birth date, with two slips; nobody else's can be tried out"),
    Limit.ROLL_CLAIM_NETWORK: Rate(60, _HOUR, "a class or an office where everybody uses the list on one day"),
    Limit.PROVIDER_CALLBACK: Rate(120, _HOUR, "a shared network on the evening of a vote; nothing can be guessed"),
    Limit.POSTING: Rate(60, _QUARTER, "four a minute for a quarter of an hour is more than a person writes"),
    Limit.SUGGESTION: Rate(600, _QUARTER, "one look a pause of a second and a half, for a quarter of an hour"),
    Limit.OPINION: Rate(400, _QUARTER, "one tap in two seconds for a quarter of an hour; nobody reads faster"),
    Limit.SEARCH: Rate(900, _QUARTER, "a library full of people who look things up: one search a second"),
    Limit.TABLE: Rate(60, _HOUR, "a class that works with the data; each table of a large round takes a second"),
    Limit.UPLOAD: Rate(60, _HOUR, "twelve proposals with five pictures each; every file costs up to a second of work"),
    Limit.DRAFT: Rate(400, _QUARTER, "a form that saves itself every three seconds for twenty minutes without a pause"),
    Limit.LOOK_OVER: Rate(120, _QUARTER, "one look in seven seconds, by somebody who changes one thing at a time"),
    Limit.CAST: Rate(60, _QUARTER, "a phone on a bad line that tries again every fifteen seconds"),
    Limit.RECEIPTS: Rate(60, _HOUR, "a class that checks the list; who has it already and asks again is not counted"),
    Limit.INVITED: Rate(3, _DAY, "friends ask twice; it must not use up the mails about one's own account"),
    Limit.SIMULATION: Rate(60, _QUARTER, "a class that tries rules; each new trial of a large poll takes seconds"),
    Limit.CO_AUTHOR: Rate(10, _DAY, "two proposals with five neighbours each; strangers get mail through this"),
}


class _OwnMemory(MemoryStorage):
    """Sweeps out what is over once a minute, within a try. The library begins a thread at every try, which looks at
    each name that was ever counted."""

    _sweeps_at = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:
        if time.monotonic() < self._sweeps_at:
            return
        self._sweeps_at = time.monotonic() + _SWEEP_SECONDS
        self._MemoryStorage__expire_events()  # type: ignore[attr-defined]


class Throttle:
    """Counts where the settings say, and in this process while Redis does not answer."""

    def __init__(self, redis_url: str) -> None:
        self._here = MovingWindowRateLimiter(_OwnMemory())
        self._shared = MovingWindowRateLimiter(_redis_storage(redis_url)) if redis_url else None
        self._paused_until = 0.0

    def is_open(self, limit: Limit, key: str) -> bool:
        return self._ask(lambda limiter: limiter.test(_item(limit), limit, key))

    def take(self, limit: Limit, key: str) -> bool:
        """Count one try; False, without counting it, where the limit is reached."""
        return self._ask(lambda limiter: limiter.hit(_item(limit), limit, key))

    def forget(self, limit: Limit, key: str) -> None:
        self._ask(lambda limiter: limiter.clear(_item(limit), limit, key))

    def seconds_left(self, limit: Limit, key: str) -> int:
        """How long until the oldest try leaves the window."""
        reset_at = self._ask(lambda limiter: limiter.get_window_stats(_item(limit), limit, key).reset_time)
        return max(1, ceil(reset_at - time.time()))

    def _ask(self, question: Callable[[MovingWindowRateLimiter], _Answer]) -> _Answer:
        if self._shared is None or time.monotonic() < self._paused_until:
            return question(self._here)
        try:
            return question(self._shared)
        except redis.RedisError as error:
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("counting without Redis", error=type(error).__name__)
            return question(self._here)


def _redis_storage(url: str) -> RedisStorage:
    return RedisStorage(
        url, key_prefix="civicvote", socket_connect_timeout=_REDIS_SECONDS, socket_timeout=_REDIS_SECONDS
    )


def _item(limit: Limit) -> RateLimitItemPerSecond:
    rate = RATES[limit]
    return RateLimitItemPerSecond(rate.amount, int(rate.per.total_seconds()))


def check(limit: Limit, *names: object) -> None:
    """Raise ``TooManyTries`` where the limit is reached for these names. Counts nothing."""
    if not _throttle().is_open(limit, key := _key(names)):
        raise _refusal(limit, key)


def is_left(limit: Limit, *names: object) -> bool:
    """Count one try and say whether it was within the limit, where the answer must be the same either way."""
    return _throttle().take(limit, _key(names))


def count(limit: Limit, *names: object) -> None:
    """Count one try."""
    _throttle().take(limit, _key(names))


def spend(limit: Limit, *names: object) -> None:
    """Count one try before it is made, or raise ``TooManyTries``. Parallel requests can't slip through together."""
    if not _throttle().take(limit, key := _key(names)):
        raise _refusal(limit, key)


def forget(limit: Limit, *names: object) -> None:
    """Begin anew after a success."""
    _throttle().forget(limit, _key(names))


def client_network() -> str:
    """Whom an address-wise limit counts: the IPv4 address, or the /64 of an IPv6 one, which one household has."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _refusal(limit: Limit, key: str) -> TooManyTries:
    seconds = _throttle().seconds_left(limit, key)
    log.warning("throttled", limit=limit.value)
    after_this_request(lambda response: _with_retry_after(response, seconds))
    return TooManyTries(again_at=clock.now() + timedelta(seconds=seconds))


def _with_retry_after(response: Response, seconds: int) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


def _key(names: tuple[object, ...]) -> str:
    return settings().key_ring.mac("throttle", "\n".join(map(str, names)))


def _throttle() -> Throttle:
    found: Throttle = current_app.extensions[_EXTENSION]
    return found


def init_app(app: Flask, redis_url: str) -> None:
    app.extensions[_EXTENSION] = Throttle(redis_url)
