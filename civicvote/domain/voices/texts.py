"""What a voice says, checked and cleaned: the same for whoever speaks."""

from dataclasses import dataclass

from civicvote.domain.voices.errors import InterestsNotDeclared, VoiceTextUnusable
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

#: At least and at most, in characters.
LENGTHS: dict[str, tuple[int, int]] = {
    "office": (0, 200),
    "estimate": (0, 200),
    "interests": (0, 2000),
    "body": (10, 20000),
}
#: What a voice of a kind can't do without: an answer is a department's, money is named.
NEEDED: dict[VoiceKind, frozenset[str]] = {
    VoiceKind.OFFICIAL_ANSWER: frozenset({"office"}),
    VoiceKind.SUMMARY: frozenset(),
    VoiceKind.EXPERT_OPINION: frozenset({"office"}),
    VoiceKind.BUDGET_INFORMATION: frozenset({"office", "estimate"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTexts:
    """As typed; fields that a kind does not have stay empty. ``has_interests``: what an expert declares, None if they
    did not say; ``interests`` are then said in words."""

    body: str
    office: str = ""
    estimate: str = ""
    has_interests: bool | None = None
    interests: str = ""


def clean_voice(kind: VoiceKind, texts: VoiceTexts) -> VoiceTexts:
    """The texts as they are kept. Raises ``VoiceTextUnusable``, ``InterestsNotDeclared``, ``PersonalNumber``."""
    is_expert = kind is VoiceKind.EXPERT_OPINION
    if is_expert and texts.has_interests is None:
        raise InterestsNotDeclared(field="has_interests")
    interests = texts.interests if is_expert and texts.has_interests else ""
    cleaned = VoiceTexts(
        body=_clean(kind, "body", texts.body),
        office="" if kind is VoiceKind.SUMMARY else _clean(kind, "office", texts.office),
        estimate=_clean(kind, "estimate", texts.estimate) if kind is VoiceKind.BUDGET_INFORMATION else "",
        has_interests=texts.has_interests if is_expert else None,
        interests=_clean(kind, "interests", interests),
    )
    if cleaned.has_interests and not cleaned.interests:
        raise InterestsNotDeclared
    return cleaned


def _clean(kind: VoiceKind, name: str, text: str) -> str:
    clean = clean_text(text)
    least, most = LENGTHS[name]
    least = max(least, 1) if name in NEEDED[kind] else least
    if not least <= len(clean) <= most:
        raise VoiceTextUnusable(field=name, least=least, limit=most)
    refuse_personal_numbers(clean, field=name)
    return clean
