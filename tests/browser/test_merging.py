"""Two proposals become one and two again, in a browser: suggested, agreed, looked up, printed, undone."""

from typing import Any

import pytest

from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.services import endorse
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from tests.browser.conftest import Site, Visitor, cookie_of
from tests.factories.people import actor_for, make_person, session_token_for
from tests.factories.talk import make_proposal

REASON = "같은 골목의 같은 가로등을 말합니다."


class Street:
    """Two proposals of two people in Gwangju's round, which collects proposals, and the cookie of each author."""

    def __init__(self, site: Site, name: str) -> None:
        with site.app.app_context():
            with unit_of_work():
                region = db.session.query(Region).filter_by(slug="gwangju").one()
                round_ = db.session.query(Round).filter_by(region_id=region.id).order_by(Round.id).first()
                assert round_ is not None
                self.people = [make_person(f"{name} {each}") for each in ("하나", "두리")]
                self.titles = [f"{name} 골목 가로등 설치", f"{name} 골목이 어둡습니다"]
                texts = {"summary": "밤이면 골목이 어두워 다니기 무섭습니다.", "field_key": "safety"}
                made = [
                    make_proposal(round_, person, title=title, **texts)
                    for person, title in zip(self.people, self.titles, strict=True)
                ]
                fans = [make_person() for _ in range(3)]
                for fan, proposal in zip([*fans, fans[2]], [made[0], made[1], made[0], made[1]], strict=True):
                    endorse(actor=actor_for(fan), proposal=proposal)
                self.paths = [f"/regions/gwangju/proposals/{ids.encode(each.id)}" for each in made]
                person_ids = [person.id for person in self.people]
            tokens = [session_token_for(db.session.get_one(Person, each)) for each in person_ids]
            self.cookies = [cookie_of(site, token) for token in tokens]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_two_proposals_become_one_and_two_again(visitor: Any, site: Site, javascript: bool) -> None:
    street = Street(site, "밝은" if javascript else "환한")
    (early, late), (first_title, second_title) = street.paths, street.titles
    one: Visitor = visitor(width=360, javascript=javascript)
    two: Visitor = visitor(width=360, javascript=javascript)
    for person, cookie in zip((one, two), street.cookies, strict=True):
        person.context.add_cookies([cookie])

    two.go(late)
    two.press(f"main a[href='{late}/merge']")
    two.page.fill("#q", "가로등 설치")
    two.press("form[role='search'] button:visible >> text=제안 찾기")
    two.press(f"main a[href*='other={early.rpartition('/')[2]}']")
    two.shows("2명과 2명을 합치면 3명입니다")
    two.page.fill("textarea", REASON)
    two.press("main form[method=post] button")
    two.shows("합치자는 말을 전했습니다")

    one.go("/me")
    one.follow("/merges/")
    one.shows(REASON)
    one.press("button[value=consent]")
    one.shows(f"합쳐진 제안: {second_title}")
    assert one.page.locator(".endorse__number").inner_text() == "3"

    reader: Visitor = visitor(width=360, javascript=javascript)
    reader.go(late)
    reader.shows("이 제안은 이미 합쳐졌습니다. 합친 제안으로 이동합니다.")
    reader.press(f"main a[href='{early}']")
    reader.shows(first_title)
    if javascript:
        reader.page.locator("#case").scroll_into_view_if_needed()
        reader.shows("이 제안에 합쳐졌습니다")
    reader.press(f"#case a[href='{early}/case']")
    reader.shows("두 제안자가 동의함")
    reader.shows(REASON)
    reader.follow("large=1")
    reader.page.emulate_media(media="print")
    assert reader.page.locator(".site-header").is_hidden()
    assert reader.page.locator(".casefile__url").is_visible()
    reader.page.emulate_media(media="screen")

    two.go(late)
    two.follow("/merges/")
    two.page.fill("textarea", "같은 골목이 아니었습니다.")
    two.press("button[value=undo]")
    two.shows("합치기를 되돌렸습니다")
    two.go(late)
    assert two.page.get_by_text("이미 합쳐졌습니다").count() == 0
    two.go(f"{late}/case")
    two.shows("같은 골목이 아니었습니다.")
