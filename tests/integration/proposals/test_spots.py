"""Where a proposal is about: stored with it when it lies in the region, refused when it does not."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.proposals.errors import HalfAPoint, OutsideRegion, PointNotRead, UnknownDistrict
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import edit_proposal
from civicvote.domain.proposals.services_spots import spot_of
from civicvote.domain.proposals.spots import NOWHERE, Spot, read_spot
from civicvote.domain.regions.models import District
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from tests.factories.people import actor_for, make_person
from tests.factories.placed import make_gwangju
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal

IN_DONGGU = {"latitude_e6": 35_146_600, "longitude_e6": 126_923_000}


@pytest.fixture
def round_(session: Session) -> Round:
    return make_round(make_gwangju())


def _proposed(round_: Round, spot: Spot) -> Proposal:
    given: Any = {"spot": spot}
    return make_proposal(round_, **given)


def test_a_dong_and_a_point_are_stored(round_: Round) -> None:
    spot = Spot("2911068500", **IN_DONGGU)
    assert spot_of(_proposed(round_, spot)) == spot
    assert spot_of(_proposed(round_, NOWHERE)) == NOWHERE


def test_a_point_alone_names_the_city_it_lies_in(round_: Round) -> None:
    assert _proposed(round_, Spot(**IN_DONGGU)).district_code == "2911000000"


@pytest.mark.parametrize("code", ["1111051500", "2911099999", "2914057500x"])
def test_a_district_elsewhere_or_unknown_is_refused(round_: Round, code: str) -> None:
    with pytest.raises(UnknownDistrict):
        _proposed(round_, Spot(code))


def test_a_point_outside_is_refused_and_so_is_one_where_no_map_is(round_: Round) -> None:
    with pytest.raises(OutsideRegion):
        _proposed(round_, Spot(latitude_e6=37_566_300, longitude_e6=126_977_900))
    with pytest.raises(OutsideRegion):
        _proposed(make_round(make_region()), Spot(**IN_DONGGU))


def test_an_edit_keeps_a_district_that_stands_no_more_but_chooses_no_other_such(
    round_: Round, session: Session
) -> None:
    author = make_person()
    given: Any = {"spot": Spot("2911068500")}
    proposal = make_proposal(round_, author, **given)
    session.get_one(District, "2911068500").abolished_on = clock.today()
    session.get_one(District, "2911054500").abolished_on = clock.today()
    session.flush()

    def edited(spot: Spot) -> Proposal:
        return edit_proposal(
            actor=actor_for(author),
            proposal=proposal,
            based_on=proposal.version,
            title=TITLE,
            summary=SUMMARY,
            body=BODY,
            field_key="safety",
            spot=spot,
        )

    assert edited(Spot("2911068500", **IN_DONGGU)).latitude_e6 == IN_DONGGU["latitude_e6"]
    with pytest.raises(UnknownDistrict):
        edited(Spot("2911054500"))
    assert spot_of(edited(NOWHERE)) == NOWHERE


def test_what_was_typed_is_read_exactly_or_refused_at_its_field() -> None:
    assert read_spot(district_code="", latitude=" ", longitude="") == NOWHERE
    assert read_spot(district_code="", latitude="35.1466", longitude="126.923") == Spot(None, **IN_DONGGU)
    with pytest.raises(HalfAPoint) as half:
        read_spot(district_code="", latitude="35.1466", longitude="")
    assert half.value.field == "longitude"
    with pytest.raises(PointNotRead) as unread:
        read_spot(district_code="", latitude="35도", longitude="126.923")
    assert unread.value.field == "latitude"
    with pytest.raises(UnknownDistrict):
        read_spot(district_code="학동", latitude="", longitude="")
