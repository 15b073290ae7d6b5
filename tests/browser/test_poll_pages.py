"""What surrounds a vote, as the living example has it, looked at on a phone and at a desk: receipts, monitor, turnout,
simulator, protocol, the pages of those who run it."""

from typing import Any

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.models import BallotReceipt, Poll
from civicvote.domain.polls.states import PollKind
from civicvote.domain.regions.queries import region_scope
from civicvote.kernel import ids
from tests.browser.conftest import Site, Visitor

WAYS = [pytest.param({"width": 360}, id="phone"), pytest.param({"width": 1280, "prefix": "/en"}, id="desktop-english")]
COUNTED = [("daegu", PollKind.BUDGET), ("daegu", PollKind.AGENDA), ("daejeon", PollKind.AGENDA)]


@pytest.fixture(params=WAYS)
def reader(request: pytest.FixtureRequest, visitor: Any) -> Visitor:
    made: Visitor = visitor(**request.param)
    return made


def path_of(site: Site, slug: str, kind: PollKind) -> str:
    """Of the example's only poll of this kind there."""
    with site.app.app_context():
        found = db.session.scalars(
            sa.select(Poll.id).where(Poll.region_id == region_scope(slug).id, Poll.kind == kind).order_by(Poll.id)
        ).first()
    assert found is not None
    return f"/regions/{slug}/polls/{ids.encode(found)}"


def a_receipt(site: Site, slug: str) -> str:
    with site.app.app_context():
        region = region_scope(slug)
        code = db.session.scalars(
            sa.select(BallotReceipt.code).where(BallotReceipt.region_id == region.id).order_by(BallotReceipt.code)
        ).first()
    assert code is not None
    return code


def test_a_receipt_is_looked_up(reader: Visitor) -> None:
    path, code = path_of(reader.site, "daegu", PollKind.BUDGET), a_receipt(reader.site, "daegu")
    reader.go(f"{path}/receipts")
    reader.press(".pager a[rel=next]")
    assert reader.page.locator("#receipts li").count()
    reader.press(".pager__first")
    for typed in (code.upper(), "0" * 64):
        reader.page.locator("input[name=code]").fill(typed)
        reader.press("main form button[type=submit]")
        assert reader.page.locator("#main .notice").count() == 1
    reader.page.locator("input[name=code]").fill("xyz")
    reader.press("main form button[type=submit]")
    assert reader.page.locator("input[name=code][aria-invalid=true]").count() == 1


@pytest.mark.parametrize(("slug", "kind"), COUNTED, ids=["equal-shares", "ranking", "electorates"])
def test_what_anybody_reads_of_a_counted_vote(reader: Visitor, slug: str, kind: PollKind) -> None:
    path = path_of(reader.site, slug, kind)
    reader.go(f"{path}/outcome")
    assert reader.page.locator(".winners li").count() >= 5
    reader.go(f"{path}/turnout")
    assert reader.page.locator("main table").count() >= 2, "by dong and by age band"
    reader.go(f"{path}/protocol")
    assert reader.page.locator(".protocol__line").count() == 5


def test_other_rules_are_tried(reader: Visitor) -> None:
    reader.go(f"{path_of(reader.site, 'daegu', PollKind.BUDGET)}/simulator")
    reader.page.locator("select[name=rule]").select_option("greedy")
    reader.press("main form button[type=submit]")
    flips = reader.page.locator("#flips .table-region").first
    assert flips.locator("tbody tr").count() == 2, "Equal Shares and the most votes choose differently here"
    assert flips.evaluate("region => region.scrollWidth <= region.clientWidth"), "what changes is seen whole"
    reader.go(f"{path_of(reader.site, 'daejeon', PollKind.AGENDA)}/simulator")
    reader.page.locator("input[name=weight_committee]").fill("90")
    reader.press("main form button[type=submit]")
    assert reader.page.locator("#flips").count() == 1
    reader.page.locator("input[name=weight_committee]").fill("-1")
    reader.press("main form button[type=submit]")
    assert reader.page.locator("input[name=weight_committee][aria-invalid=true]").count() == 1


def test_an_observer_looks_at_what_stands_out(reader: Visitor) -> None:
    path = path_of(reader.site, "daejeon", PollKind.BUDGET)
    reader.sign_in("observer")
    reader.go(path)
    reader.press("main a[href$='/monitor']")
    assert reader.page.locator("#bursts tbody tr").count() == 1
    assert reader.page.locator("#devices li").count() == 1
    assert reader.page.locator("#staff tbody tr").count() == 1


def test_those_who_run_a_vote(reader: Visitor) -> None:
    draft = path_of(reader.site, "gwangju", PollKind.AGENDA)
    reader.sign_in("admin")
    managed = draft.replace("/polls/", "/manage/polls/")
    for page in ("", "/keyholders", "/keyholders/trial", "/options", "/freeze"):
        reader.go(f"{managed}{page}")
    counted = path_of(reader.site, "daegu", PollKind.BUDGET).replace("/polls/", "/manage/polls/")
    for page in ("", "/keyholders", "/unseal", "/close", "/publish"):
        reader.go(f"{counted}{page}")
