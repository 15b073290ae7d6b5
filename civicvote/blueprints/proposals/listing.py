"""The list of a round's proposals, as rows or on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.proposals.answers import field_names
from civicvote.blueprints.proposals.asked import Listing
from civicvote.blueprints.proposals.blueprint import proposals
from civicvote.blueprints.proposals.kept import kept
from civicvote.domain.proposals.listing import LISTED_STATES, Period, ProposalFilter, ProposalSort
from civicvote.domain.proposals.queries_facets import MOST_POINTS, Facets, count_facets, points_of
from civicvote.domain.proposals.queries_list import Count, count_proposals, list_proposals
from civicvote.domain.regions.points import MILLION
from civicvote.domain.regions.queries_districts import Dong, FilterCity, filter_districts
from civicvote.domain.rounds.policy import open_actions
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.search.queries import proposals_matching
from civicvote.kernel import clock
from civicvote.kernel.lots import PRIME, draw_lot
from civicvote.kernel.permissions import Permission
from civicvote.web import throttle
from civicvote.web.auth import current_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.labels import label
from civicvote.web.maps import region_map
from civicvote.web.scope import current_region
from civicvote.web.settings import settings
from civicvote.web.throttle import Limit

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round

#: So many are ranked for words; whoever looks further types another word.
MOST_RANKED = 500
#: Seconds. So late may a number beside a filter be, where a proposal changed its state or its place only: when one
#: comes or goes, the numbers are counted anew at once.
FACETS_KEPT = 20.0
DISTRICTS_KEPT = 600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as it was asked for, with what the database said about its words and districts."""

    listing: Listing
    wanted: ProposalFilter
    cities: list[FilterCity]
    dongs: list[Dong]
    among: Sequence[int] | None


def _asked(round_id: int) -> Asked:
    region, listing = current_region(), Listing(request.args)
    day, city = clock.today(), listing.city if listing.city.isdigit() else ""
    cities, dongs = kept(
        ("districts", region.id, day, city),
        seconds=DISTRICTS_KEPT,
        read=lambda: filter_districts(region.code, day, city=city),
    )
    if listing.q:
        throttle.spend(Limit.SEARCH, throttle.client_network())
    among = proposals_matching(region.id, round_id, listing.q, limit=MOST_RANKED) if listing.q else None
    return Asked(listing, listing.wanted(cities), cities, dongs, among)


@proposals.get("/regions/<slug>/rounds/<id:round_id>/proposals")
def index(slug: str, round_id: int) -> ResponseReturnValue:
    region = current_region()
    round_, asked = announced_round(region.id, round_id), _asked(round_id)
    listing, names = asked.listing, field_names(round_)
    if listing.sort is ProposalSort.RANDOM and not listing.seed:
        return see_other(_address(round_id, listing.address(seed=_own_seed(round_id))))
    page = list_proposals(
        region.id,
        round_id,
        sort=listing.sort,
        wanted=asked.wanted,
        cursor=listing.cursor,
        seed=listing.seed or 1,
        among=asked.among,
    )
    context: dict[str, Any] = {
        "round": round_,
        "listing": listing,
        "listed": page,
        "field_names": names,
        "state_words": {state.value: label(state) for state in LISTED_STATES},
        "proposals_address": url_for("regions.show", slug=slug) + "/proposals/",
        "next_url": _address(round_id, listing.address(after=page.next_cursor)) if page.next_cursor else None,
    }
    if listing.cursor and wants_fragment():
        return render("proposals/_rows.html", **context)
    count = count_proposals(region.id, round_id, asked.wanted, among=asked.among)
    return render(
        "proposals/index.html", fragment="proposals/_results.html", **_around(round_, asked, count, names), **context
    )


def _own_seed(round_id: int) -> int:
    """How this person's order is shuffled: their own, the same whenever they come; for somebody unknown a new one."""
    actor = current_actor()
    if actor is None:
        return draw_lot()
    own = settings().key_ring.mac("order by chance", f"{round_id} {actor.person_id}")
    return 1 + int.from_bytes(own.encode()) % (PRIME - 1)


def _address(round_id: int, arguments: dict[str, Any]) -> str:
    """The list with these arguments. Its page holds many, so the path is made once a request."""
    if "list_path" not in g:
        g.list_path = url_for("proposals.index", slug=current_region().slug, round_id=round_id)
    return f"{g.list_path}?{urlencode(arguments)}" if arguments else str(g.list_path)


def _around(round_: "Round", asked: Asked, count: Count, field_names: dict[str, str]) -> dict[str, Any]:
    """All of the page but the rows."""
    listing, facets = asked.listing, _facets(round_, asked, count)
    numbers = {city.code: sum(facets.prefixes[prefix] for prefix in city.prefixes) for city in asked.cities}
    return {
        "total": count.total,
        "facets": facets,
        "field_options": [(key, name, facets.fields[key]) for key, name in field_names.items()],
        "cities": [(city.code, city.name_ko, numbers[city.code]) for city in asked.cities],
        "dongs": [(dong.code, dong.name_ko, facets.dongs[dong.code]) for dong in asked.dongs],
        "periods": [(period.value, label(period), facets.periods[period]) for period in Period],
        "states": [(state.value, label(state), facets.states[state]) for state in LISTED_STATES],
        "can_submit": Permission.PROPOSAL_SUBMIT in open_actions(round_),
        "sorts": [
            (label(sort), _address(round_.id, listing.sorted_by(sort)), sort is listing.sort)
            for sort in listing.sorts()
        ],
        "first_url": _address(round_.id, listing.address()) if listing.cursor else None,
        "list_url": _address(round_.id, listing.address(view="")),
        "map_url": _address(round_.id, listing.address(view="map")),
        "region_map": region_map(current_region()),
        **_in_use(round_.id, asked, field_names),
        **(_on_map(round_.id, asked, numbers) if listing.is_map else {}),
    }


def _in_use(round_id: int, asked: Asked, field_names: dict[str, str]) -> dict[str, Any]:
    """The filters in use, each with the list without it."""
    names = {city.code: city.name_ko for city in asked.cities} | {dong.code: dong.name_ko for dong in asked.dongs}
    chips = asked.listing.chips(field_names, names, _("With a point on the map"))
    return {
        "chips": [(chip.words, _address(round_id, chip.without)) for chip in chips],
        "unfiltered_url": _address(round_id, asked.listing.unfiltered()) if len(chips) > 1 else "",
    }


def _on_map(round_id: int, asked: Asked, numbers: dict[str, int]) -> dict[str, Any]:
    """The numbers in the drawing, where the points are fetched, and the list of each city."""
    listing = asked.listing
    query = urlencode(listing.address(view="", sort=""))
    return {
        "city_numbers": numbers,
        "city_urls": {code: _address(round_id, listing.address(city=code, dong="")) for code in numbers},
        "points_url": url_for("proposals.points", slug=current_region().slug, round_id=round_id) + f"?{query}",
        "most_points": MOST_POINTS,
    }


def _facets(round_: "Round", asked: Asked, count: Count) -> Facets:
    def read() -> Facets:
        return count_facets(round_.region_id, round_.id, asked.wanted, among=asked.among)

    if asked.among is not None:
        return read()
    return kept(
        ("facets", round_.region_id, round_.id, asked.wanted, clock.today(), count), seconds=FACETS_KEPT, read=read
    )


@proposals.get("/regions/<slug>/rounds/<id:round_id>/proposals/points")
def points(slug: str, round_id: int) -> ResponseReturnValue:
    """The points of the same list as GeoJSON; at most ``MOST_POINTS``, the newest."""
    region = current_region()
    announced_round(region.id, round_id)
    asked = _asked(round_id)
    found = points_of(region.id, round_id, asked.wanted, among=asked.among)
    answer = jsonify(
        type="FeatureCollection",
        cut=len(found) > MOST_POINTS,
        features=[
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [each.point.longitude_e6 / MILLION, each.point.latitude_e6 / MILLION],
                },
                "properties": {
                    "title": each.title,
                    "url": url_for("proposals.show", slug=slug, proposal_id=each.id),
                },
            }
            for each in found[:MOST_POINTS]
        ],
    )
    answer.mimetype = "application/geo+json"
    return answer
