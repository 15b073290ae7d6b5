"""What people do on a voting evening: read pages, sign in, vote. Each step knows which answers are right."""

import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.rehearsals.pacing import Crowd, Phase
from benchmarks.rehearsals.town import SLUG, Town, Voter
from benchmarks.rehearsals.wire import Answer, get, post
from civicvote.kernel import clock

PASSWORD = "느티나무 아래 오래된 평상"  # noqa: S105
#: Sessions last a month, so most voters are signed in when they come.
SIGNS_IN_EVERY = 3
PAGE, SIGN_IN, CAST = "page", "sign-in", "cast"

_CSRF = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
_KEY = re.compile(rb'name="idempotency_key" value="([^"]+)"')


def pages_to_read(town: Town) -> tuple[bytes, ...]:
    """What visitors without a session ask for, the poll's own page twice as often as others."""
    return tuple(map(get, (town.poll_path, f"/regions/{SLUG}/votes", town.poll_path, "/", f"/regions/{SLUG}")))


def is_page(answer: Answer) -> bool:
    return answer.status == 200 and answer.body.rstrip().endswith(b"</html>")


@dataclass(slots=True)
class Evening:
    """``closes_at`` (seconds since the epoch): a cast that is sent after it must be refused, whatever else happens.

    ``told``: the choices of every ballot that was acknowledged. ``refused``: voters who came too late and were told.
    """

    town: Town
    crowd: Crowd
    closes_at: float
    source: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    told: list[frozenset[str]] = field(default_factory=list)
    refused: int = 0
    _number: int = 0

    async def read(self, phase: Phase, due_at: float, pages: Sequence[bytes]) -> None:
        """One page, without a session."""
        await self.crowd.ask(phase.kinds[PAGE], due_at, self.source.choice(pages), is_page)

    async def vote(self, phase: Phase, due_at: float) -> None:
        """The way of one voter: sign in (some), read the ballot, look it over, cast it, see the receipt."""
        voter, number = self.town.voters[self._number], self._number
        self._number += 1
        cookie = voter.cookie
        if number % SIGNS_IN_EVERY == 0:
            cookie = await self._sign_in(phase, due_at, voter)
            due_at = time.monotonic()
        if cookie:
            await self._cast(phase, due_at, cookie)

    async def _sign_in(self, phase: Phase, due_at: float, voter: Voter) -> str:
        """The cookie of the new session, or nothing: who gets no page gives up, and that page was noted as wrong."""
        path = "/account/sign-in"
        page = await self.crowd.ask(phase.kinds[PAGE], due_at, get(path), is_page)
        if not is_page(page):
            return ""
        values: dict[str, str | list[str]] = {
            "csrf_token": _found(_CSRF, page),
            "email": voter.email,
            "password": PASSWORD,
        }
        answer = await self.crowd.ask(
            phase.kinds[SIGN_IN],
            time.monotonic(),
            post(path, page.cookie(_name(voter)), values),
            lambda answer: answer.status == 303 and path not in answer.header(b"location"),
        )
        return answer.cookie(_name(voter))

    async def _cast(self, phase: Phase, due_at: float, cookie: str) -> None:
        path = self.town.poll_path
        page = await self.crowd.ask(phase.kinds[PAGE], due_at, get(path, cookie), self._is_page_or_outcome)
        if not is_page(page):
            return
        csrf = _found(_CSRF, page)
        cookie = page.cookie(cookie.partition("=")[0]) or cookie
        if self._is_over() and b'name="choices"' not in page.body:
            self.refused += 1  # the page itself says that voting is over
            return
        choices = self.source.sample(self.town.option_keys, self.source.randint(1, 5))
        values: dict[str, str | list[str]] = {"csrf_token": csrf, "choices": choices}
        look = post(f"{path}/confirm", cookie, values)
        sheet = await self.crowd.ask(phase.kinds[PAGE], time.monotonic(), look, self._is_page_or_closed)
        if not is_page(sheet):
            self.refused += sheet.status == 409
            return
        values["idempotency_key"] = _found(_KEY, sheet)
        was_over = self._is_over()
        answer = await self.crowd.ask(
            phase.kinds[CAST],
            time.monotonic(),
            post(f"{path}/cast", cookie, values),
            lambda answer: self._is_receipt(answer, was_over) or self._is_refusal(answer),
        )
        if answer.status == 303:
            self.told.append(frozenset(choices))
            receipt = get(f"{path}/receipt", cookie)
            await self.crowd.ask(phase.kinds[PAGE], time.monotonic(), receipt, is_page)
        elif answer.status == 409:
            self.refused += 1

    def _is_over(self) -> bool:
        return clock.now().timestamp() >= self.closes_at

    def _is_page_or_outcome(self, answer: Answer) -> bool:
        return is_page(answer) or (self._is_over() and answer.status == 303)

    def _is_page_or_closed(self, answer: Answer) -> bool:
        return is_page(answer) or self._is_refusal(answer)

    def _is_refusal(self, answer: Answer) -> bool:
        return self._is_over() and answer.status == 409 and answer.body.rstrip().endswith(b"</html>")

    @staticmethod
    def _is_receipt(answer: Answer, was_over: bool) -> bool:
        return not was_over and answer.status == 303 and answer.header(b"location").endswith("/receipt")


def _name(voter: Voter) -> str:
    return voter.cookie.partition("=")[0]


def _found(pattern: re.Pattern[bytes], answer: Answer) -> str:
    found = pattern.search(answer.body)
    return found[1].decode() if found else ""
