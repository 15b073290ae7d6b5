"""Regions: the hub of platforms with their figures, and the page of each region."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from civicvote.domain.regions.queries import (
    figures_of,
    hub,
    institution_counts,
    other_regions,
    participants,
    region_details,
    regions_above,
)
from civicvote.domain.reporting.queries import region_front
from civicvote.domain.rounds.queries import rounds_of
from civicvote.web.htmx import render, wants_fragment
from civicvote.web.scope import current_region

regions = Blueprint("regions", __name__)


@regions.get("/regions")
def index() -> ResponseReturnValue:
    cursor = request.args.get("after")
    return render(
        "regions/index.html",
        fragment="regions/_others.html",
        hub=None if wants_fragment() else hub(),
        others=other_regions(cursor=cursor),
        cursor=cursor,
    )


@regions.get("/regions/<slug>")
def show(slug: str) -> ResponseReturnValue:
    region, cursor = current_region(), request.args.get("after")
    rounds = rounds_of(region.id, size=4)
    return render(
        "regions/show.html",
        fragment="regions/_institutions.html",
        details=region_details(region.id),
        above=regions_above(region.id),
        front=region_front(region.id, rounds.items),
        rounds=rounds,
        kinds=institution_counts(region.id),
        institutions=participants(region.id, cursor=cursor),
        figures=figures_of(region.id),
        cursor=cursor,
    )
