"""What every view of a thread begins with: the proposal it is about, and what its templates need."""

from typing import TYPE_CHECKING, Any

from civicvote.domain.proposals.errors import DiscussionTakenAway
from civicvote.domain.proposals.queries import ProposalView, proposal_of_thread
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.threads.errors import UnknownComment
from civicvote.domain.voices.queries import has_pinned
from civicvote.kernel import ids
from civicvote.web.auth import current_actor
from civicvote.web.discussion import can_discuss, can_rate, thread_links, words_of_comments
from civicvote.web.htmx import wants_fragment
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.rounds.models import Round


def host(thread_id: int) -> tuple[ProposalView, "Round"]:
    """The proposal that the thread is about, and its round. Raises ``DiscussionTakenAway`` where it can't be read."""
    region = current_region()
    view = proposal_of_thread(current_actor(), region.id, thread_id)
    if not view.is_readable:
        raise DiscussionTakenAway
    return view, announced_round(region.id, view.proposal.round_id)


def context(view: ProposalView, round_: "Round") -> dict[str, Any]:
    """What the templates of single comments need."""
    actor = current_actor()
    return {
        "view": view,
        "proposal": view.proposal,
        "thread": view.thread,
        "round": round_,
        "links": thread_links(view),
        "can_comment": can_discuss(actor, view, round_),
        "can_rate": can_rate(actor, view, round_),
        **words_of_comments(),
    }


def head(view: ProposalView) -> dict[str, Any]:
    """What the thread's own page says above the comments; nothing where only a part of it is asked for."""
    proposal = view.proposal
    return {"has_pinned": not wants_fragment() and has_pinned(proposal.region_id, proposal.id)}


def comment_named(key: str | None) -> int | None:
    """The id behind a key that a form or an address brought. Raises ``UnknownComment`` for what is no key."""
    if not key:
        return None
    try:
        return ids.decode(key)
    except ValueError:
        raise UnknownComment from None
