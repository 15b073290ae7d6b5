"""Where each kind of hit is read."""

from collections.abc import Callable

from flask import url_for

from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.search.results import Hit
from civicvote.kernel import ids


def address_of(hit: Hit) -> str:
    """The page, and the place on it, on which the text stands."""
    return _ADDRESSES[hit.kind](hit)


def _comment(hit: Hit) -> str:
    page = url_for("threads.comment", slug=hit.region_slug, thread_id=hit.host_id, comment_id=hit.subject_id)
    return f"{page}#c-{ids.encode(hit.subject_id)}"


def _voice(hit: Hit) -> str:
    page = url_for("proposals.show", slug=hit.region_slug, proposal_id=hit.host_id)
    return f"{page}#voice-{ids.encode(hit.subject_id)}"


def _decision(hit: Hit) -> str:
    """The log is read downwards from behind a key: the next higher one puts this decision first."""
    return url_for("moderation.log", slug=hit.region_slug, after=ids.encode(hit.subject_id + 1))


_ADDRESSES: dict[FindableKind, Callable[[Hit], str]] = {
    FindableKind.PROPOSAL: lambda hit: url_for("proposals.show", slug=hit.region_slug, proposal_id=hit.subject_id),
    FindableKind.COMMENT: _comment,
    FindableKind.VOICE: _voice,
    FindableKind.OPINION_QUESTION: lambda hit: url_for(
        "opinions.show", slug=hit.region_slug, question_id=hit.subject_id
    ),
    FindableKind.AGENDA_ITEM: lambda hit: url_for("agenda.index", slug=hit.region_slug, round_id=hit.round_id),
    FindableKind.PROJECT: lambda hit: url_for("budgeting.show", slug=hit.region_slug, project_id=hit.subject_id),
    FindableKind.POLL: lambda hit: url_for("polls.show", slug=hit.region_slug, poll_id=hit.subject_id),
    FindableKind.DECISION: _decision,
}
