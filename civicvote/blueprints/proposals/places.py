"""Where a proposal is about: the fields of its form, and what readers see of it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from civicvote.domain.proposals.services_spots import settled_spot, spot_of
from civicvote.domain.proposals.spots import NOWHERE, Spot, read_spot
from civicvote.domain.regions.points import write_degrees
from civicvote.domain.regions.queries_districts import City, district_words, districts_of
from civicvote.kernel import clock
from civicvote.kernel.errors import Invalid
from civicvote.web.forms import strip
from civicvote.web.maps import RegionMap, region_map
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal, ProposalDraft


class PlaceFields:
    """The district and the point of a proposal; both may stay empty. Only ``offer_places`` asks the database."""

    district_code = StringField(_l("Dong"), filters=[strip])
    latitude = StringField(_l("North (latitude)"), filters=[strip])
    longitude = StringField(_l("East (longitude)"), filters=[strip])

    #: What can be chosen, and by its code what was chosen once and can't be chosen any more.
    cities: list[City] = []  # noqa: RUF012 – replaced, never changed
    former_district: tuple[str, str] | None = None
    map: RegionMap | None = None

    def offer_places(self) -> None:
        """The region's districts and its map, before the form is shown."""
        region, chosen = current_region(), self.district_code.data
        self.map = region_map(region)
        self.cities = districts_of(region.code, clock.today())
        offered = {code for city in self.cities for code in (city.code, *(dong.code for dong in city.dongs))}
        if chosen and chosen not in offered and (words := district_words([chosen]).get(chosen)):
            self.former_district = chosen, words

    def show_spot(self, stored: "Proposal | ProposalDraft") -> None:
        """What is stored now; only for the first look at the form."""
        self.district_code.data = stored.district_code or ""
        self.latitude.data, self.longitude.data = (
            "" if degrees is None else write_degrees(degrees) for degrees in (stored.latitude_e6, stored.longitude_e6)
        )

    def spot(self) -> Spot:
        """The spot as it was typed. Raises ``HalfAPoint``, ``PointNotRead``, ``UnknownDistrict``."""
        return read_spot(
            district_code=self.district_code.data or "",
            latitude=self.latitude.data or "",
            longitude=self.longitude.data or "",
        )

    def readable_spot(self) -> Spot:
        """As much of the spot as can be read, for a draft."""
        try:
            return self.spot()
        except Invalid:
            return NOWHERE


@dataclass(frozen=True, slots=True)
class Where:
    """``words`` name the district; ``x`` and ``y`` are the point's place in the drawing of ``map``."""

    words: str
    map: RegionMap | None = None
    point: tuple[str, str] | None = None
    x: float = 0
    y: float = 0


def where_of(spot: Spot) -> Where | None:
    """What readers see of a spot; None where there is nothing. At most one statement."""
    if spot == NOWHERE:
        return None
    words = district_words([spot.district_code]).get(spot.district_code, "") if spot.district_code else ""
    where = Where(words)
    map_ = region_map(current_region()) if spot.point else None
    if spot.point is None or map_ is None:
        return where
    x, y = map_.outline.place(spot.point)
    degrees = write_degrees(spot.point.latitude_e6), write_degrees(spot.point.longitude_e6)
    return replace(where, map=map_, point=degrees, x=x, y=y)


def place_of(proposal: "Proposal") -> dict[str, Any]:
    """For a proposal's page."""
    return {"where": where_of(spot_of(proposal))}


def place_of_form(form: PlaceFields) -> dict[str, Any]:
    """For a preview: what readers would see. Raises what is wrong with the spot."""
    return {"where": where_of(settled_spot(region_id=current_region().id, spot=form.spot()))}
