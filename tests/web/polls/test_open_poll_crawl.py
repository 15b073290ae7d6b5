"""While a vote is open the whole site says the same whatever was chosen: no choice shows, and no running count.

Everything that a visitor, a resident and an officer can reach is read twice, once with every ballot for one option
and once for another. What differs by itself (tokens, receipts, moments) is taken out; the rest must be equal.
"""

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_resident
from tests.factories.polls import cast

MOST = 90
_BY_ITSELF = re.compile(
    rb"[0-9a-f]{8}(?: [0-9a-f]{8}){7}|[0-9a-f]{64}|value=\"[\w.-]{40,}\"|nonce-[\w-]+"
    rb"|\d{4}-\d\d-\d\dT[\d:.+Z-]+|\d{1,2}:\d\d|after=[\w.]+|seed=\d+"
)


def crawl(browser, start: str) -> dict[str, bytes]:
    """Every page, export and file under the region that links lead to, by address."""
    seen: dict[str, bytes] = {}
    waiting = deque([start])
    while waiting and len(seen) < MOST:
        address = waiting.popleft()
        if address in seen:
            continue
        answer = browser.get(address, follow_redirects=True)
        seen[address] = _BY_ITSELF.sub(b"*", answer.data)
        answer.close()
        if answer.mimetype != "text/html":
            continue
        for link in browser.page.xpath("//a/@href"):
            target = urldefrag(urljoin(f"http://localhost{address}", link)).url
            parts = urlsplit(target)
            if parts.netloc == "localhost" and "sort=random" not in parts.query and parts.path.startswith(start):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


def spoken() -> list[str]:
    """Every mail and notice that waits or went out."""
    mails = db.session.execute(sa.select(OutboxMessage.kind, sa.cast(OutboxMessage.params, sa.Text))).all()
    notices = db.session.execute(sa.select(Notification.kind, sa.cast(Notification.params, sa.Text))).all()
    return sorted(str(tuple(row)) for row in [*mails, *notices])


@pytest.fixture
def site(open_agenda, sign_in, client):
    """Three readers of a region with an open vote, and how to let everybody choose one option."""
    readers = {
        "visitor": client,
        "resident": sign_in(make_resident(open_agenda.region.id)),
        "officer": sign_in(make_officer(open_agenda.region.id, Role.ADMINISTRATOR)),
    }
    start = f"/regions/{open_agenda.region.slug}"

    def read_with(option: str) -> dict[str, bytes]:
        for voter in open_agenda.voters:
            cast(voter, open_agenda.poll, option)
        db.session.commit()
        pages = {
            f"{name} {address}": content
            for name, browser in readers.items()
            for address, content in crawl(browser, start).items()
        }
        return pages | {"mails and notices": "\n".join(spoken()).encode()}

    return open_agenda, read_with


def test_every_page_export_and_mail_is_the_same_whatever_was_chosen(site):
    open_poll, read_with = site
    first, second = read_with("lamp"), read_with("tree")
    poll = f"/polls/{ids.encode(open_poll.poll.id)}"
    assert sum(poll in address for address in first) >= 12, "the readers reached the vote's pages"
    assert set(first) == set(second)
    assert [address for address in first if first[address] != second[address]] == []


def test_the_comparison_would_see_one_word_about_a_choice(site):
    open_poll, read_with = site
    first = read_with("lamp")
    open_poll.poll.description_ko = "지금까지 가로등 5"
    second = read_with("tree")
    assert [address for address in first if address in second and first[address] != second[address]]
