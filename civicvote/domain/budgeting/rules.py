"""What a project must say before residents can vote on it."""

from dataclasses import dataclass

from civicvote.domain.budgeting.errors import (
    CostAboveEnvelope,
    CostNotPositive,
    ProjectTextMissing,
    ProjectTextTooLong,
)
from civicvote.kernel.markup import clean_text
from civicvote.kernel.money import Money

#: Characters at most. A title must fit a ballot's card, a summary one sentence of it.
LONGEST = {"title": 120, "summary": 200, "description": 10_000, "department": 80, "place": 80}
REQUIRED = frozenset({"title", "summary", "department"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTexts:
    title: str
    summary: str
    description: str
    department: str
    place: str


def clean_texts(*, title: str, summary: str, description: str, department: str, place: str) -> ProjectTexts:
    """The texts cleaned. Raises ``ProjectTextMissing``, ``ProjectTextTooLong``, ``ControlCharacters``."""
    texts = {
        "title": title,
        "summary": summary,
        "description": description,
        "department": department,
        "place": place,
    }
    return ProjectTexts(**{field: _clean(text, field) for field, text in texts.items()})


def _clean(text: str, field: str) -> str:
    cleaned = clean_text(text)
    if not cleaned and field in REQUIRED:
        raise ProjectTextMissing(field=field)
    if len(cleaned) > LONGEST[field]:
        raise ProjectTextTooLong(field=field, longest=LONGEST[field])
    return cleaned


def require_payable(cost: Money, envelope: Money) -> None:
    """Raise ``CostNotPositive`` or ``CostAboveEnvelope``. A round whose envelope is 0 has not announced it."""
    if cost.amount <= 0:
        raise CostNotPositive
    if 0 < envelope.amount < cost.amount:
        raise CostAboveEnvelope(envelope=envelope)
