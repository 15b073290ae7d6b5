"""A spot is checked against the region before it is stored."""

from dataclasses import replace

from civicvote.domain.proposals.errors import OutsideRegion, UnknownDistrict
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.spots import NOWHERE, Spot
from civicvote.domain.regions.boundaries import boundaries_of
from civicvote.domain.regions.queries import region_details
from civicvote.domain.regions.queries_districts import standing_district
from civicvote.kernel import clock


def spot_of(proposal: Proposal) -> Spot:
    """Where a stored proposal is about."""
    return Spot(proposal.district_code, proposal.latitude_e6, proposal.longitude_e6)


def settled_spot(*, region_id: int, spot: Spot, before: Spot = NOWHERE) -> Spot:
    """The spot as it may be stored in the region: the district stands today (or was named ``before``), the point lies
    in the region. A point without a district names the city it lies in, so that filters find it.

    Raises ``UnknownDistrict``, ``OutsideRegion``."""
    if spot == NOWHERE:
        return spot
    code = region_details(region_id).code
    wanted = spot.district_code
    if wanted and wanted != before.district_code and not standing_district(code, wanted, clock.today()):
        raise UnknownDistrict
    if spot.point is None:
        return spot
    boundaries = boundaries_of(code)
    shape = boundaries.locate(spot.point) if boundaries else None
    if shape is None:
        raise OutsideRegion
    return spot if wanted else replace(spot, district_code=shape.code)
