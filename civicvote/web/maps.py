"""What pages need to show a region's map: the file with its boundaries, a drawing of it, tiles where there are any."""

from dataclasses import dataclass

from civicvote.domain.regions.boundaries import boundaries_of
from civicvote.domain.regions.outline import Outline, outline_of
from civicvote.domain.regions.queries import RegionScope
from civicvote.web.assets import asset
from civicvote.web.settings import settings


@dataclass(frozen=True, slots=True)
class RegionMap:
    """``prefix``: what the codes of the region's own shapes in the file begin with. ``tiles`` may be empty."""

    boundaries_url: str
    prefix: str
    outline: Outline
    tiles: str
    tile_attribution: str


def region_map(region: RegionScope) -> RegionMap | None:
    """The region's map; None where no boundaries are drawn."""
    boundaries, outline = boundaries_of(region.code), outline_of(region.code)
    if boundaries is None or outline is None:
        return None
    configured = settings()
    return RegionMap(
        boundaries_url=asset(boundaries.path),
        prefix=boundaries.prefix,
        outline=outline,
        tiles=configured.tile_url,
        tile_attribution=configured.tile_attribution,
    )
