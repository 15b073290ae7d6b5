"""Whether a comment helps: one form for all comments of a page, whose buttons name the comment."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.threads.blueprint import threads
from civicvote.blueprints.threads.hosting import comment_named, context, host
from civicvote.domain.proposals.policy import require_supportable
from civicvote.domain.rounds.policy import require_open
from civicvote.domain.threads.queries import comment_view
from civicvote.domain.threads.rating import Rating
from civicvote.domain.threads.services_rating import rate_comment
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import signed_in_actor
from civicvote.web.discussion import reader_of, thread_links
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region


@threads.post("/ratings")
def rate(slug: str, thread_id: int) -> ResponseReturnValue:
    """The form brings one field: its name says what the reader finds, its value of which comment."""
    view, round_ = host(thread_id)
    require_supportable(view.proposal)
    require_open(round_, Permission.COMMENT_RATE)
    rating = next((each for each in Rating if each.value in request.form), None)
    comment_id = comment_named(request.form[rating.value]) if rating else None
    if rating is None or comment_id is None:
        abort(400)
    region_id = current_region().id
    rate_comment(
        actor=signed_in_actor(), region_id=region_id, thread_id=thread_id, comment_id=comment_id, rating=rating
    )
    rated = comment_view(reader_of(round_), region_id, thread_id, comment_id)
    if not wants_fragment():
        return see_other(f"{thread_links(view).comments}{rated.key}#c-{rated.key}")
    return render("threads/_rated.html", rated=rated, **context(view, round_))
