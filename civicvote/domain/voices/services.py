"""Speak about a proposal by one's role: publish, edit with every earlier version kept, no longer uphold."""

from civicvote.db import db
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.findable.kinds import FindableKind
from civicvote.domain.findable.services import Row, findable_row, forget, write_findables
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.news import News
from civicvote.domain.proposals.services_following import tell_news
from civicvote.domain.proposals.services_ladder import fulfil_steps, owe_again
from civicvote.domain.proposals.services_uniting import lock_for_support, lock_proposals
from civicvote.domain.proposals.states import LadderStep
from civicvote.domain.voices.errors import VoiceEditedMeanwhile, VoiceWithdrawn, WithdrawalReasonMissing
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.models import Voice, VoiceVersion
from civicvote.domain.voices.policy import require_change, require_voice
from civicvote.domain.voices.queries import answers_that_stand
from civicvote.domain.voices.texts import VoiceTexts, clean_voice
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.markup import clean_text, render, text_of
from civicvote.kernel.personal_data import refuse_personal_numbers
from civicvote.kernel.visibility import Visibility

REASON_LENGTH = 1000

_NEWS: dict[VoiceKind, News] = {
    VoiceKind.OFFICIAL_ANSWER: News.ANSWERED,
    VoiceKind.SUMMARY: News.SUMMARISED,
    VoiceKind.EXPERT_OPINION: News.OPINED,
    VoiceKind.BUDGET_INFORMATION: News.COSTED,
}


def publish_voice(
    *, actor: Actor, proposal: Proposal, kind: VoiceKind, texts: VoiceTexts, is_mayors: bool = False
) -> Voice:
    """Say something about a proposal in one's role, for everybody to read. ``is_mayors``: an answer of the mayor's own.

    An official answer fulfils what the ladder asks of the department; the mayor's own also what it asks of the mayor.
    Raises ``NotPermitted``, what ``lock_for_support`` and ``clean_voice`` refuse."""
    is_mayors = is_mayors and kind is VoiceKind.OFFICIAL_ANSWER
    role = require_voice(actor, kind, proposal.region_id, is_mayors=is_mayors)
    lock_for_support(proposal)
    clean = clean_voice(kind, texts)
    voice = Voice(
        region_id=proposal.region_id,
        id=ids.new_id(),
        proposal_id=proposal.id,
        kind=kind,
        author_id=actor.person_id,
        author_role=role,
        office=clean.office,
        is_mayors=is_mayors,
        estimate=clean.estimate,
        interests=clean.interests,
        body=clean.body,
        body_html=render(clean.body),
        version=1,
        published_at=clock.now(),
    )
    db.session.add(voice)
    db.session.flush()
    if kind is VoiceKind.OFFICIAL_ANSWER:
        fulfil_steps(region_id=voice.region_id, proposal_id=proposal.id, steps=_fulfilled_by(voice.is_mayors))
    _refresh_in_index(voice, proposal)
    _record(actor, voice, AuditVerb.VOICE_PUBLISH)
    news = News.MAYOR_ANSWERED if voice.is_mayors else _NEWS[kind]
    tell_news(proposal=proposal, news=news, except_person_ids=[actor.person_id])
    return voice


def _fulfilled_by(is_mayors: bool) -> list[LadderStep]:
    return [LadderStep.DEPARTMENT_ANSWERS, *([LadderStep.MAYOR_ANSWERS] if is_mayors else [])]


def edit_voice(*, actor: Actor, proposal: Proposal, voice: Voice, based_on: int, texts: VoiceTexts) -> Voice:
    """Change what was said; the earlier wording stays public. Somebody else of the same permission signs with the
    author; an expert's opinion is changed by its author alone. Quiet: nobody is told. ``based_on``: the version that
    the edit began from.

    Raises ``NotPermitted``, ``VoiceWithdrawn``, ``VoiceEditedMeanwhile`` and what ``publish_voice`` refuses."""
    require_change(actor, voice)
    lock_for_support(proposal)
    db.session.refresh(voice, with_for_update=True)
    _require_upheld(voice)
    if voice.version != based_on:
        raise VoiceEditedMeanwhile
    clean = clean_voice(voice.kind, texts)
    if (clean.body, clean.office, clean.estimate, clean.interests) == (
        voice.body,
        voice.office,
        voice.estimate,
        voice.interests,
    ):
        return voice
    db.session.add(
        VoiceVersion(
            region_id=voice.region_id,
            voice_id=voice.id,
            number=voice.version,
            office=voice.office,
            estimate=voice.estimate,
            interests=voice.interests,
            body=voice.body,
            editor_id=actor.person_id,
            replaced_at=clock.now(),
        )
    )
    voice.office, voice.estimate, voice.interests = clean.office, clean.estimate, clean.interests
    voice.body, voice.body_html = clean.body, render(clean.body)
    voice.version += 1
    voice.edited_at = clock.now()
    if actor.person_id != voice.author_id:
        voice.editor_id = actor.person_id
    db.session.flush()
    _refresh_in_index(voice, proposal)
    _record(actor, voice, AuditVerb.VOICE_EDIT)
    return voice


def withdraw_voice(*, actor: Actor, proposal: Proposal, voice: Voice, reason: str) -> None:
    """No longer uphold what was said: it stays readable, struck, with the reason.

    Where no other official answer stands, the ladder asks for one again. Followers hear of it unless the proposal is
    hidden or withdrawn: the message would carry its title. Raises ``NotPermitted``, ``VoiceWithdrawn``,
    ``WithdrawalReasonMissing``, ``PersonalNumber``."""
    require_change(actor, voice)
    lock_proposals(proposal.region_id, [proposal.id])
    db.session.refresh(voice, with_for_update=True)
    _require_upheld(voice)
    words = clean_text(reason)
    if not 1 <= len(words) <= REASON_LENGTH:
        raise WithdrawalReasonMissing(limit=REASON_LENGTH)
    refuse_personal_numbers(words, field="reason")
    voice.withdrawn_at, voice.withdrawn_by_id, voice.withdrawal_reason = clock.now(), actor.person_id, words
    db.session.flush()
    if voice.kind is VoiceKind.OFFICIAL_ANSWER:
        _owe_what_no_answer_fulfils(voice)
    _refresh_in_index(voice, proposal)
    _record(actor, voice, AuditVerb.VOICE_WITHDRAW, reason=words)
    if proposal.visibility is Visibility.VISIBLE:
        tell_news(
            proposal=proposal,
            news=News.VOICE_WITHDRAWN,
            params={"voice": voice.kind.value},
            except_person_ids=[actor.person_id],
        )


def _owe_what_no_answer_fulfils(voice: Voice) -> None:
    standing = answers_that_stand(voice.region_id, voice.proposal_id)
    fulfilled = {step for is_mayors in standing for step in _fulfilled_by(is_mayors)}
    owed = [step for step in _fulfilled_by(True) if step not in fulfilled]
    if owed:
        owe_again(region_id=voice.region_id, proposal_id=voice.proposal_id, steps=owed)


def _require_upheld(voice: Voice) -> None:
    if voice.withdrawn_at is not None:
        raise VoiceWithdrawn


def findable_voice(voice: Voice, proposal: Proposal) -> Row | None:
    """Its row of the index; None once it is no longer upheld. Without the proposal's title, which readers get as it
    stands when they search: what an author takes out of a title is found nowhere."""
    if voice.withdrawn_at is not None:
        return None
    return findable_row(
        region_id=voice.region_id,
        kind=FindableKind.VOICE,
        subject_id=voice.id,
        title="",
        text="\n".join(filter(None, (voice.office, voice.estimate, text_of(voice.body_html)))),
        occurred_at=voice.published_at,
        round_id=proposal.round_id,
        host_id=proposal.id,
    )


def _refresh_in_index(voice: Voice, proposal: Proposal) -> None:
    if row := findable_voice(voice, proposal):
        write_findables(rows=[row])
    else:
        forget(region_id=voice.region_id, kind=FindableKind.VOICE, subject_id=voice.id)


def _record(actor: Actor, voice: Voice, verb: AuditVerb, *, reason: str = "") -> None:
    detail = {"proposal": ids.encode(voice.proposal_id), "voice": voice.kind.value, "version": voice.version}
    record(
        region_id=voice.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"voice:{voice.id}",
        detail={**detail, "reason": reason} if reason else detail,
    )
