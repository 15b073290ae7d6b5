"""Whether there is something new in a thread: asked by every page that shows one, so it costs one statement.

Who asks is not looked up (``knows_nobody`` in the access table), and the answer tells nothing but numbers.
"""

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.threads.blueprint import thread_news
from civicvote.blueprints.threads.hosting import comment_named
from civicvote.domain.proposals.queries_discussion import News, news_of
from civicvote.kernel import ids
from civicvote.web.discussion import words_of_comments
from civicvote.web.htmx import render, see_other, wants_fragment


@thread_news.get("/new")
def news(region_id: int, thread_id: int) -> ResponseReturnValue:
    """204 while nothing new can be read; else how many comments are, 304 to whoever knows that already.

    ``since`` is the comment to count from, ``own`` and ``own_replies`` how many of them the page shows already. Whoever
    opens the address as a page is led to the newest comments.
    """
    since = comment_named(request.args.get("since")) or 0
    found = news_of(region_id, thread_id, since=since)
    if not wants_fragment():
        return see_other(url_for("threads.show", slug=found.slug, thread_id=thread_id, order="newest"))
    new_count = found.new_count - _shown_already("own")
    new_replies = found.new_replies - _shown_already("own_replies")
    if new_count <= 0 and new_replies <= 0:
        return _dated(Response(status=204), found)
    response = render(
        "threads/_news.html",
        news=found,
        thread=found,
        new_count=new_count,
        new_replies=new_replies,
        since=ids.encode(since),
        thread_id=thread_id,
        can_comment=False,
        out_of_band=True,
        **words_of_comments(),
    )
    return _dated(response, found).make_conditional(request)


def _shown_already(name: str) -> int:
    return max(0, request.args.get(name, 0, type=int))


def _dated(response: Response, found: News) -> Response:
    """With a tag of the numbers, to be asked for anew each time."""
    response.cache_control.no_cache = True
    numbers = (found.new_count, found.new_replies, found.comment_count, found.for_count, found.against_count)
    response.set_etag("-".join(map(str, numbers)))
    return response
