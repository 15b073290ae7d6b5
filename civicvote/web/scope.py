"""The region that the address names, as a value that every view and template below it may use."""

from flask import Flask, g, request

from civicvote.domain.regions.queries import RegionScope, region_scope

REGION_ARGUMENT = "slug"


def find_region() -> None:
    """Load the region of ``/regions/<slug>/…``. Raises ``UnknownRegion``."""
    slug = (request.view_args or {}).get(REGION_ARGUMENT)
    g.region = region_scope(slug) if slug else None


def current_region() -> RegionScope:
    """The region of this address."""
    region: RegionScope | None = g.get("region")
    assert region is not None, "this address names no region"
    return region


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"region": g.get("region")})
