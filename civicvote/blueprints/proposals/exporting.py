"""A round's proposals as tables for everybody: CSV and JSON, with the filters of the list."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.proposals.answers import field_names
from civicvote.blueprints.proposals.asked import Listing
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.domain.proposals.listing import ProposalFilter
from civicvote.domain.proposals.queries_export import exported_proposals
from civicvote.domain.proposals.queries_list import count_proposals
from civicvote.domain.proposals.tables.exchange import LICENCE, LICENCE_ADDRESS, ExportColumn, ExportedProposal, cell
from civicvote.domain.regions.queries_districts import filter_districts
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.search.queries import proposals_matching
from civicvote.kernel import clock
from civicvote.web import throttle
from civicvote.web.csv_files import csv_file, text_file
from civicvote.web.htmx import render
from civicvote.web.i18n import localized
from civicvote.web.labels import label
from civicvote.web.scope import current_region
from civicvote.web.settings import settings
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round

_MOST_RANKED = 500


def _asked() -> tuple[Listing, ProposalFilter]:
    region, listing = current_region(), Listing(request.args)
    cities, _dongs = filter_districts(region.code, clock.today(), city=listing.city)
    return listing, listing.wanted(cities)


def _among(round_id: int, listing: Listing) -> Sequence[int] | None:
    if not listing.q:
        return None
    throttle.spend(Limit.SEARCH, throttle.client_network())
    return proposals_matching(current_region().id, round_id, listing.q, limit=_MOST_RANKED)


@proposals.get("/regions/<slug>/rounds/<id:round_id>/proposals/data")
def data(slug: str, round_id: int) -> ResponseReturnValue:
    """What the tables hold, under which licence, and the links to them."""
    round_, (listing, wanted) = announced_round(current_region().id, round_id), _asked()
    arguments = _arguments(listing)
    return render(
        "proposals/data.html",
        round=round_,
        count=count_proposals(round_.region_id, round_id, wanted, among=_among(round_id, listing)).total,
        is_filtered=bool(arguments),
        columns=[(column.value, label(column)) for column in ExportColumn],
        field_names=field_names(round_),
        csv_address=url_for("proposals.as_csv", slug=slug, round_id=round_id, **arguments),
        json_address=url_for("proposals.as_json", slug=slug, round_id=round_id, **arguments),
        list_address=url_for("proposals.index", slug=slug, round_id=round_id, **arguments),
        licence_address=LICENCE_ADDRESS,
    )


def _arguments(listing: Listing) -> dict[str, Any]:
    """The list's filters, without its order and its page, which a table does not have."""
    return listing.address(sort="", seed="", view="", after="")


@proposals.get("/regions/<slug>/rounds/<id:round_id>/proposals.csv")
def as_csv(slug: str, round_id: int) -> ResponseReturnValue:
    round_, rows = _exported(round_id)
    page = _page_of_proposals(slug)
    cells = ([cell(value) for value in row.values(page + row.key).values()] for row in rows)
    name = f"proposals-{slug}-{round_.year}.csv"
    return _licensed(csv_file(name, [column.value for column in ExportColumn], cells))


@proposals.get("/regions/<slug>/rounds/<id:round_id>/proposals.json")
def as_json(slug: str, round_id: int) -> ResponseReturnValue:
    round_, rows = _exported(round_id)
    parts = _json_parts(_about(round_, slug), rows, _page_of_proposals(slug))
    return _licensed(text_file(f"proposals-{slug}-{round_.year}.json", "application/json", parts))


def _exported(round_id: int) -> tuple["Round", Iterator[ExportedProposal]]:
    throttle.spend(Limit.TABLE, throttle.client_network())
    round_, (listing, wanted) = announced_round(current_region().id, round_id), _asked()
    return round_, exported_proposals(round_.region_id, round_id, wanted, among=_among(round_id, listing))


def _page_of_proposals(slug: str) -> str:
    """The beginning of every proposal's address; the same for both languages."""
    return f"{settings().public_url}/regions/{slug}/proposals/"


def _about(round_: "Round", slug: str) -> dict[str, Any]:
    region = current_region()
    return {
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "exported_at": clock.now().isoformat(timespec="seconds"),
        "region": {"slug": slug, "name": localized(region, "name"), "code": region.code},
        "round": {"title": localized(round_, "title"), "year": round_.year},
        "filters": _arguments(Listing(request.args)),
        "columns": {column.value: str(label(column)) for column in ExportColumn},
        "fields": field_names(round_),
    }


def _json_parts(about: dict[str, Any], rows: Iterator[ExportedProposal], page: str) -> Iterator[str]:
    """One object, a proposal a line, so that a table of any length never stands in memory as a whole."""
    yield json.dumps(about, ensure_ascii=False, indent=1)[:-2] + ',\n "proposals": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row.values(page + row.key), ensure_ascii=False)
        separator = ",\n"
    yield "\n ]\n}\n"


def _licensed(response: Response) -> Response:
    """The licence travels with the file; its date is that of the answer."""
    response.headers["Link"] = f'<{LICENCE_ADDRESS}>; rel="license"'
    response.headers["X-Licence"] = LICENCE
    response.last_modified = clock.now()
    return response
