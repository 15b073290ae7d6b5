"""Where a proposal is about, apart from its words: an administrative district and a point."""

from dataclasses import dataclass

from civicvote.domain.proposals.errors import HalfAPoint, PointNotRead, UnknownDistrict
from civicvote.domain.regions.points import Point, read_degrees


@dataclass(frozen=True, slots=True)
class Spot:
    """``district_code`` is a dong's or a city's; coordinates in millionths of a degree (WGS 84), both or none."""

    district_code: str | None = None
    latitude_e6: int | None = None
    longitude_e6: int | None = None

    @property
    def point(self) -> Point | None:
        if self.latitude_e6 is None or self.longitude_e6 is None:
            return None
        return Point(self.latitude_e6, self.longitude_e6)


NOWHERE = Spot()


def read_spot(*, district_code: str, latitude: str, longitude: str) -> Spot:
    """A spot as somebody typed it, in decimal degrees.

    Raises ``UnknownDistrict`` for what is no code at all, ``HalfAPoint``, ``PointNotRead``."""
    if district_code and not (len(district_code) == 10 and district_code.isascii() and district_code.isdigit()):
        raise UnknownDistrict
    typed = {"latitude": latitude.strip(), "longitude": longitude.strip()}
    for field, text in typed.items():
        if not text and any(typed.values()):
            raise HalfAPoint(field=field)
    read = {field: _read(field, text) if text else None for field, text in typed.items()}
    return Spot(district_code or None, read["latitude"], read["longitude"])


def _read(field: str, text: str) -> int:
    try:
        return read_degrees(text)
    except ValueError:
        raise PointNotRead(field=field) from None
