"""The operations of SPEED.md: what is asked of the site, beside which yardstick, and what must hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, url_for
from lxml import html

from benchmarks.http import fetch
from benchmarks.load import FRESH, Shot, Target
from benchmarks.scenario import AGENDA_CHOICES, BUDGET_CHOICES, Scenario
from benchmarks.settings import HOST

HELLO, REF, V4 = "hello", "ref", "v4"


@dataclass(frozen=True, slots=True)
class Operation:
    """``floor`` and ``stretch`` are shares of the yardstick's requests per second, with 8 clients at the large size.

    ``growth``: the most that the time may grow when everything is ten times as much; ``commit_share``: the least share
    of the raw durable commits; ``gzipped``: the most bytes.
    """

    name: str
    title: str
    yardstick: str
    build: Callable[["Site"], Target]
    floor: float | None = None
    stretch: float | None = None
    statements: int | None = None
    commits: int = 0
    growth: float | None = None
    commit_share: float | None = None
    gzipped: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its port, what it holds, and its application in this process for addresses."""

    port: int
    scenario: Scenario
    app: Flask

    def address(self, endpoint: str, **values: object) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, slug=self.scenario.slug, **values)  # type: ignore[arg-type]

    def cookie(self, value: str) -> tuple[str, str]:
        return "Cookie", f"{self.app.config['SESSION_COOKIE_NAME']}={value}"


#: What browsers send; compression, where there is any, is part of what an answer costs.
_COMPRESSED = ("Accept-Encoding", "gzip")


def _reading(site: Site, path: str) -> Target:
    """Under another name than the site's own, so that each page is made anew."""
    return Target(site.port, (Shot("GET", path, (_COMPRESSED,)),))


def _reading_kept(site: Site, path: str) -> Target:
    return Target(site.port, (Shot("GET", path, (_COMPRESSED, ("Host", HOST))),))


def _reading_signed_in(site: Site, path: str) -> Target:
    cookies = site.scenario.cookies
    return Target(site.port, tuple(Shot("GET", path, (_COMPRESSED, site.cookie(each))) for each in cookies))


def _list_path(site: Site) -> str:
    return site.address("proposals.index", round_id=site.scenario.round_id)


def _proposal_path(site: Site) -> str:
    return site.address("proposals.show", proposal_id=site.scenario.proposal_id)


def _comment(site: Site) -> Target:
    page = site.address("proposals.show", proposal_id=site.scenario.written_proposal_id)
    action = site.address("threads.post_comment", thread_id=site.scenario.written_thread_id)
    values = {"body": f"저도 매일 지나는 곳이라 반갑습니다. {FRESH}", "stance": "for"}
    return _writing(site, page, action, values)


def _agenda_ballot(site: Site) -> Target:
    return _ballot(site, site.scenario.agenda_poll_id, AGENDA_CHOICES)


def _budget_ballot(site: Site) -> Target:
    return _ballot(site, site.scenario.budget_poll_id, BUDGET_CHOICES)


def _ballot(site: Site, poll_id: int, choices: int) -> Target:
    page = site.address("polls.show", poll_id=poll_id)
    action = site.address("polls.cast", poll_id=poll_id)
    values = {"choices": list(site.scenario.option_keys[:choices]), "idempotency_key": FRESH}
    return _writing(site, page, action, values)


def _writing(site: Site, page: str, action: str, values: Mapping[str, str | list[str]]) -> Target:
    """A form that every voter sends: each with the session and the token that the page gave, fetched once."""
    shots = []
    for cookie in site.scenario.cookies:
        answer = fetch(site.port, page, dict([site.cookie(cookie)]))
        assert answer.status == 200, f"{page}: {answer.status}"
        renewed = answer.headers["Set-Cookie"]
        header = ("Cookie", renewed.partition(";")[0]) if renewed else site.cookie(cookie)
        tokens = html.document_fromstring(answer.body.decode()).xpath("//input[@name='csrf_token']/@value")
        body = urlencode({"csrf_token": tokens[0], **values}, doseq=True)
        shots.append(Shot("POST", action, (header,), body))
    return Target(site.port, tuple(shots), (303,))


OPERATIONS = (
    Operation(
        "list",
        "List of proposals, anonymous",
        REF,
        lambda site: _reading(site, _list_path(site)),
        floor=0.20,
        stretch=0.30,
        statements=8,
        growth=1.15,
        gzipped=10 * 1024,
    ),
    Operation(
        "list-kept",
        "List of proposals, anonymous, the page kept",
        HELLO,
        lambda site: _reading_kept(site, _list_path(site)),
        floor=0.5,
    ),
    Operation(
        "list-signed-in",
        "List of proposals, signed in",
        REF,
        lambda site: _reading_signed_in(site, _list_path(site)),
        floor=0.15,
        stretch=0.25,
        statements=10,
        growth=1.15,
    ),
    Operation(
        "proposal",
        "Proposal with many comments",
        REF,
        lambda site: _reading(site, _proposal_path(site)),
        floor=0.12,
        stretch=0.18,
        statements=12,
        growth=1.2,
    ),
    Operation(
        "comment",
        "Post a comment",
        V4,
        _comment,
        floor=0.20,
        stretch=0.30,
        statements=12,
        commits=1,
    ),
    Operation(
        "agenda-ballot",
        "Cast an agenda ballot",
        V4,
        _agenda_ballot,
        floor=0.25,
        stretch=0.40,
        statements=8,
        commits=1,
        commit_share=0.025,
    ),
    Operation(
        "budget-ballot",
        "Cast a budget ballot of 5 projects",
        V4,
        _budget_ballot,
        floor=0.20,
        stretch=0.30,
        statements=10,
        commits=1,
    ),
    Operation(
        "outcome",
        "Outcome page after publication",
        HELLO,
        lambda site: _reading_kept(site, site.address("polls.outcome", poll_id=site.scenario.outcome_poll_id)),
        floor=0.5,
        stretch=0.8,
    ),
)


def yardsticks(port: int) -> dict[str, Target]:
    """What each yardstick is asked, on its own server."""
    return {
        HELLO: Target(port, (Shot("GET", "/hello", (_COMPRESSED,)),)),
        REF: Target(port, (Shot("GET", "/ref", (_COMPRESSED,)),)),
        V4: Target(port, (Shot("POST", "/v4", (), urlencode({"key": FRESH})),), (201,)),
    }


def first_visits(site: Site) -> list[tuple[str, str]]:
    """Pages on which somebody may arrive, with their addresses."""
    with site.app.test_request_context():
        home = url_for("home.index")
    return [
        ("Home", home),
        ("List of proposals", _list_path(site)),
        ("Proposal with many comments", _proposal_path(site)),
        ("Outcome", site.address("polls.outcome", poll_id=site.scenario.outcome_poll_id)),
    ]
