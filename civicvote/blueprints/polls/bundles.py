"""A published vote to take home: its ballots, and the bundle with which anybody counts it again."""

from flask import Response
from flask.typing import ResponseReturnValue

from civicvote.blueprints.polls.blueprint import polls
from civicvote.domain.outcomes.queries_bundle import ballots_file, recount_bundle
from civicvote.domain.polls.queries import visible_poll
from civicvote.kernel import ids
from civicvote.web.auth import current_actor
from civicvote.web.scope import current_region


@polls.get("/regions/<slug>/polls/<id:poll_id>/bundle")
def bundle(slug: str, poll_id: int) -> ResponseReturnValue:
    """What ``civicvote recount`` reads; docs/recount.md."""
    actor = current_actor()
    content = recount_bundle(actor, visible_poll(actor, current_region().id, poll_id))
    return _attached(content, "application/zip", f"vote-{slug}-{ids.encode(poll_id)}.zip")


@polls.get("/regions/<slug>/polls/<id:poll_id>/ballots")
def ballots_download(slug: str, poll_id: int) -> ResponseReturnValue:
    """A Pabulib file of a budget vote, a table of an agenda vote."""
    actor = current_actor()
    file = ballots_file(actor, visible_poll(actor, current_region().id, poll_id))
    return _attached(file.text.encode(), "text/plain", f"ballots-{slug}-{ids.encode(poll_id)}{file.suffix}")


def _attached(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
