"""Where a proposal is about, in its form and on its page, without scripts."""

from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal, ProposalDraft
from civicvote.domain.proposals.spots import Spot
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from tests.factories.people import make_resident
from tests.factories.placed import make_gwangju
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal
from tests.strict_client import StrictClient

TEXTS = {"title": TITLE, "summary": SUMMARY, "body": BODY, "field_key": "safety"}


@pytest.fixture
def round_(session: Any) -> Round:
    return make_round(make_gwangju())


@pytest.fixture
def writer(round_: Round, sign_in: Any) -> StrictClient:
    person = make_resident(round_.region_id)
    browser: StrictClient = sign_in(person)
    db.session.commit()
    return browser


def _new(round_: Round) -> str:
    return f"/regions/gwangju-test/rounds/{ids.encode(round_.id)}/proposals/new"


def _written(round_: Round) -> list[Proposal]:
    db.session.expire_all()
    return list(db.session.query(Proposal).filter_by(round_id=round_.id))


def test_the_form_offers_the_regions_dongs_by_city(writer: StrictClient, round_: Round) -> None:
    writer.get(_new(round_))
    groups = writer.page.xpath("//select[@name='district_code']/optgroup/@label")
    assert groups == ["동구", "서구", "남구", "북구", "광산구"]
    first = writer.page.xpath("//select[@name='district_code']/optgroup[1]/option")
    assert first[0].text_content() == "동구 (동은 모름)"
    assert "학동" in [each.text_content() for each in first]


def test_a_dong_and_typed_coordinates_come_to_the_page_in_words_and_as_a_dot(
    writer: StrictClient, client: StrictClient, round_: Round
) -> None:
    writer.get(_new(round_))
    spot = {"district_code": "2911068500", "latitude": "35.141300", "longitude": "126.924700"}
    writer.submit({**TEXTS, **spot, "step": "preview"}, action="/proposals/new")
    assert "동구 학동" in writer.text()
    writer.submit({"step": "submit"}, action="/proposals/new")
    [proposal] = _written(round_)
    assert (proposal.district_code, proposal.latitude_e6, proposal.longitude_e6) == ("2911068500", 35141300, 126924700)
    client.get(f"/regions/gwangju-test/proposals/{ids.encode(proposal.id)}")
    assert "동구 학동" in client.text()
    assert client.page.xpath("//*[local-name()='circle' and contains(@class, 'outline__dot')]")
    assert client.page.xpath("//*[local-name()='svg' and contains(@aria-label, '제안 위치')]")


@pytest.mark.parametrize(
    ("spot", "said", "field"),
    [
        ({"latitude": "37.5663", "longitude": "126.9779"}, "이 위치는 지역 밖에 있습니다", "latitude"),
        ({"latitude": "35.1466", "longitude": ""}, "위도와 경도가 모두 필요합니다", "longitude"),
        ({"latitude": "북위 35도", "longitude": "126.9"}, "35.160000처럼 소수로", "latitude"),
        ({"district_code": "1111051500"}, "이 지역의 동이나 시·군·구를", "district_code"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "submit"])
def test_a_spot_that_can_not_be_is_told_beside_its_field_and_kept(
    writer: StrictClient, round_: Round, spot: dict[str, str], said: str, field: str, step: str
) -> None:
    writer.get(_new(round_))
    given = {**TEXTS, "district_code": "", "latitude": "", "longitude": "", **spot}
    token = writer.page.xpath("//form[@id='proposal-form']//input[@name='csrf_token']/@value")[0]
    answer = writer.post(_new(round_), data={**given, "step": step, "csrf_token": token})
    assert answer.status_code == 422
    assert said in writer.text()
    assert writer.page.xpath(f"//*[@name='{field}' and @aria-invalid='true']")
    assert writer.page.xpath(f"//*[@id='error-summary']//a[@href='#{field}']")
    for name in ("latitude", "longitude"):
        assert writer.page.xpath(f"//input[@name='{name}']/@value") in ([spot.get(name, "")], [])
    assert not _written(round_)


def test_an_edit_begins_with_what_is_stored(sign_in: Any, round_: Round) -> None:
    author = make_resident(round_.region_id)
    given: Any = {"spot": Spot("2911068500", 35141300, 126924700)}
    proposal = make_proposal(round_, author, **given)
    browser = sign_in(author)
    db.session.commit()
    browser.get(f"/regions/gwangju-test/proposals/{ids.encode(proposal.id)}/edit")
    assert browser.page.xpath("//select[@name='district_code']//option[@selected]/@value") == ["2911068500"]
    assert browser.page.xpath("//input[@name='latitude']/@value") == ["35.141300"]


def test_a_draft_keeps_the_spot_as_far_as_it_can_be_read(writer: StrictClient, round_: Round) -> None:
    writer.get(_new(round_))
    writer.submit(
        {**TEXTS, "district_code": "2911068500", "latitude": "35.1", "longitude": "", "step": "draft"},
        action="/proposals/new",
    )
    [draft] = db.session.query(ProposalDraft).filter_by(round_id=round_.id)
    assert draft.title == TITLE
    assert draft.latitude_e6 is None


def test_a_region_without_districts_asks_for_the_name_of_the_place_only(sign_in: Any, session: Any) -> None:
    region = make_region("plain")
    round_ = make_round(region)
    browser = sign_in(make_resident(region.id))
    db.session.commit()
    browser.get(f"/regions/plain/rounds/{ids.encode(round_.id)}/proposals/new")
    assert browser.page.xpath("//input[@name='place']")
    assert not browser.page.xpath("//*[@name='district_code' or @name='latitude']")
