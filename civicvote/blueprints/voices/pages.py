"""What everybody reads: what was said about a proposal by role, one voice with its versions, what is owed."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from flask import request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.voices.blueprint import voices
from civicvote.domain.proposals.queries import visible_proposal
from civicvote.domain.proposals.queries_ladder import owed_answers
from civicvote.domain.reporting.queries_speaking import SpeakingOrder, proposals_to_speak_about
from civicvote.domain.voices.policy import may_change, speakable
from civicvote.domain.voices.queries import VoiceEdit, VoiceView, all_voices, edits_of_voice, voice_view
from civicvote.kernel.text_difference import Piece, differences
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.htmx import render
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.proposals.models import Proposal

_TEXTS = ("office", "estimate", "interests", "body")


@voices.get("/regions/<slug>/proposals/<id:proposal_id>/voices")
def index(slug: str, proposal_id: int) -> ResponseReturnValue:
    region = current_region()
    proposal = visible_proposal(current_actor(), region.id, proposal_id)
    page = all_voices(region.id, proposal_id, cursor=request.args.get("after"))
    return render(
        "voices/index.html",
        proposal=proposal,
        listed=page,
        speakable=speakable(current_actor(), region.id),
        next_url=_further(page.next_cursor, proposal_id=proposal_id),
    )


@voices.get("/regions/<slug>/voices/<id:voice_id>")
def show(slug: str, voice_id: int) -> ResponseReturnValue:
    view, proposal = readable(voice_id)
    cursor = request.args.get("after")
    edits = edits_of_voice(view.voice, cursor=cursor)
    return render(
        "voices/show.html",
        fragment="voices/_steps.html",
        view=view,
        proposal=proposal,
        steps=[_step(edit) for edit in edits.items],
        cursor=cursor,
        next_url=_further(edits.next_cursor, voice_id=voice_id),
        can_change=view.is_upheld and may_change(current_actor(), view.voice),
    )


def readable(voice_id: int) -> "tuple[VoiceView, Proposal]":
    """The voice and its proposal, which the reader may read. Raises ``UnknownVoice``, ``UnknownProposal``."""
    view = voice_view(current_region().id, voice_id)
    return view, visible_proposal(current_actor(), current_region().id, view.voice.proposal_id)


@dataclass(frozen=True, slots=True)
class Step:
    """The edit that made version ``number``: by whom, when, and the pieces of each text that changed."""

    number: int
    at: datetime
    editor_name: str
    changes: dict[str, list[Piece]]


class _Said(Protocol):
    @property
    def body(self) -> str: ...


def _step(edit: VoiceEdit) -> Step:
    return Step(
        number=edit.before.number + 1,
        at=edit.before.replaced_at,
        editor_name=edit.before.editor_name,
        changes={name: found for name in _TEXTS if (found := _changed(edit.before, edit.after, name))},
    )


def _changed(before: _Said, now: _Said, name: str) -> list[Piece]:
    old, new = getattr(before, name), getattr(now, name)
    return [] if old == new else differences(old, new)


@voices.get("/regions/<slug>/answers-owed")
def owed(slug: str) -> ResponseReturnValue:
    page = owed_answers(current_region().id, cursor=request.args.get("after"))
    return render("voices/owed.html", fragment="voices/_owed.html", listed=page, next_url=_further(page.next_cursor))


@voices.get("/regions/<slug>/desk/voices")
def desk(slug: str) -> ResponseReturnValue:
    wanted = request.args.get("order", "")
    order = SpeakingOrder(wanted) if wanted in set(SpeakingOrder) else SpeakingOrder.NEWEST
    page = proposals_to_speak_about(
        signed_in_actor(), current_region().id, order=order, cursor=request.args.get("after")
    )
    return render(
        "voices/desk.html",
        fragment="voices/_desk.html",
        listed=page,
        order=order,
        orders=list(SpeakingOrder),
        speakable=speakable(signed_in_actor(), current_region().id),
        next_url=_further(page.next_cursor, order=order.value),
    )


def _further(cursor: str | None, **arguments: Any) -> str | None:
    """The address of the page's continuation."""
    if cursor is None or request.endpoint is None:
        return None
    return url_for(request.endpoint, slug=current_region().slug, after=cursor, **arguments)
