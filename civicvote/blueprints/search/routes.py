"""The pages of search. The words, the kind and the place in the list stand in the address."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.search.addresses import address_of
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.search.queries_pages import search_everything
from civicvote.domain.search.results import NOTHING
from civicvote.domain.search.words import LONGEST_QUERY, Word, words_of
from civicvote.web import throttle
from civicvote.web.htmx import render
from civicvote.web.scope import current_region
from civicvote.web.throttle import Limit

search = Blueprint("search", __name__)


@search.get("/search")
def everywhere() -> ResponseReturnValue:
    return _page(None, "search.everywhere")


@search.get("/regions/<slug>/search")
def in_region(slug: str) -> ResponseReturnValue:
    return _page(current_region().id, "search.in_region", slug=slug)


def _page(region_id: int | None, endpoint: str, **values: Any) -> ResponseReturnValue:
    typed, cursor = request.args.get("q", "").strip()[:LONGEST_QUERY], request.args.get("after")
    kind = request.args.get("kind") or None
    wanted = FindableKind(kind) if kind in set(FindableKind) else None
    words: list[Word] = words_of(typed)
    if words:
        throttle.spend(Limit.SEARCH, throttle.client_network())
    results = search_everything(region_id, typed, wanted, cursor) if words else NOTHING

    def address(**changes: str | None) -> str:
        given: dict[str, Any] = {"q": typed, "kind": wanted.value if wanted else None, **values, **changes}
        return url_for(endpoint, **{name: value for name, value in given.items() if value})

    return render(
        "search/results.html",
        fragment="search/_rows.html",
        typed=typed,
        has_words=bool(words),
        wanted=wanted,
        results=results,
        cursor=cursor,
        address_of=address_of,
        kind_links=[
            (each, results.counts[each], address(kind=each.value)) for each in FindableKind if each in results.counts
        ],
        all_kinds_url=address(kind=None),
        form_url=url_for(endpoint, **values),
        everywhere_url=url_for("search.everywhere", q=typed) if typed else url_for("search.everywhere"),
        next_url=address(after=results.next_cursor) if results.next_cursor else None,
    )
