"""What a proposal may say: lengths in characters, cleaned, without personal numbers."""

from dataclasses import dataclass

from civicvote.domain.proposals.errors import ProposalTextTooLong, ProposalTextTooShort
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

#: Least and most characters of each text.
LENGTHS = {"title": (5, 120), "summary": (10, 200), "body": (20, 8000), "place": (0, 80)}
_ONE_LINE = frozenset({"title", "summary", "place"})


@dataclass(frozen=True, slots=True)
class ProposalTexts:
    title: str
    summary: str
    body: str
    place: str


def clean_texts(*, title: str, summary: str, body: str, place: str) -> ProposalTexts:
    """The four texts cleaned.

    Raises ``ProposalTextTooShort``, ``ProposalTextTooLong``, ``ControlCharacters`` or ``PersonalNumber``, each with
    its field.
    """
    return ProposalTexts(
        title=_clean("title", title),
        summary=_clean("summary", summary),
        body=_clean("body", body),
        place=_clean("place", place),
    )


def _clean(name: str, text: str) -> str:
    cleaned = clean_text(text)
    if name in _ONE_LINE:
        cleaned = " ".join(cleaned.split())
    least, most = LENGTHS[name]
    if len(cleaned) < least:
        raise ProposalTextTooShort(field=name, least=least)
    if len(cleaned) > most:
        raise ProposalTextTooLong(field=name, limit=most)
    refuse_personal_numbers(cleaned, field=name)
    return cleaned
