"""What a statement may be: one line that one can agree or disagree with."""

import unicodedata
from collections.abc import Iterable

from civicvote.domain.opinions.errors import (
    DuplicateStatement,
    IntroductionTooLong,
    QuestionTitleTooShort,
    StatementTooLong,
    StatementTooShort,
    TooFewSeeds,
    TooManySeeds,
)
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

LONGEST_STATEMENT = 140
SHORTEST_STATEMENT = 5
LEAST_SEEDS, MOST_SEEDS = 3, 50
SHORTEST_TITLE, LONGEST_TITLE = 5, 120
LONGEST_INTRODUCTION = 2000
LONGEST_REASON = 300
#: Statements of one person that may wait in one question.
MOST_WAITING = 10


def clean_statement(text: str, *, field: str = "text") -> str:
    """One line without double spaces. Raises ``StatementTooShort``, ``StatementTooLong``, ``PersonalNumber``."""
    line = " ".join(clean_text(text).split())
    if len(line) < SHORTEST_STATEMENT:
        raise StatementTooShort(field=field, least=SHORTEST_STATEMENT)
    if len(line) > LONGEST_STATEMENT:
        raise StatementTooLong(field=field, limit=LONGEST_STATEMENT, text=line[:30])
    refuse_personal_numbers(line, field=field)
    return line


def same_words(text: str) -> str:
    """What two statements have in common that differ in spaces, punctuation, width and case only."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in normal if character.isalnum())


def clean_seeds(text: str) -> list[str]:
    """One statement a line, empty lines left out. Raises ``TooFewSeeds``, ``TooManySeeds``, ``DuplicateStatement`` and
    what ``clean_statement`` refuses."""
    seeds = [clean_statement(line, field="seeds") for line in text.splitlines() if line.strip()]
    if len(seeds) < LEAST_SEEDS:
        raise TooFewSeeds(least=LEAST_SEEDS)
    if len(seeds) > MOST_SEEDS:
        raise TooManySeeds(most=MOST_SEEDS)
    for place, seed in enumerate(seeds):
        refuse_duplicate(seed, seeds[:place], field="seeds")
    return seeds


def refuse_duplicate(text: str, others: Iterable[str], *, field: str = "text") -> None:
    """Raise ``DuplicateStatement`` where one of ``others`` says the same."""
    words = same_words(text)
    for other in others:
        if same_words(other) == words:
            raise DuplicateStatement(field=field, text=other)


def clean_question(title: str, introduction: str) -> tuple[str, str]:
    """Raises ``QuestionTitleTooShort``, ``IntroductionTooLong``, ``PersonalNumber``. A title is cut, not refused, at
    the length that the form allows."""
    line = " ".join(clean_text(title).split())[:LONGEST_TITLE]
    if len(line) < SHORTEST_TITLE:
        raise QuestionTitleTooShort(least=SHORTEST_TITLE)
    text = clean_text(introduction)
    if len(text) > LONGEST_INTRODUCTION:
        raise IntroductionTooLong(limit=LONGEST_INTRODUCTION)
    refuse_personal_numbers(line, field="title")
    refuse_personal_numbers(text, field="introduction")
    return line, text
