"""Law 9: every message that a person reads exists in Korean and English. English is the msgid itself."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.architecture.sources import PACKAGE, ROOT, shown

CATALOGUES = PACKAGE / "translations" / "ko" / "LC_MESSAGES"
#: Keywords of flask_babel, with the aliases that the code uses. ``_l`` is lazy_gettext.
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
#: Names, signs and forms that are the same in both languages.
SAME_IN_BOTH = frozenset({"CivicVote"})

Key = tuple[str, str | None]


@dataclass
class Used:
    """A message of the code with the places that show it."""

    places: list[str] = field(default_factory=list)
    has_plural: bool = False


def _text(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@cache
def used_messages() -> dict[Key, Used]:
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found: dict[Key, Used] = defaultdict(Used)
    for path, line, message_id, _comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=lambda folder: Path(folder).name not in _SKIPPED
    ):
        entry = found[_text(message_id), context]
        entry.places.append(f"{path}:{line}")
        entry.has_plural |= not isinstance(message_id, str)
    return dict(found)


_SKIPPED = {".venv", ".git", "node_modules", "tests", "instance", "static"}


@cache
def catalogues() -> dict[Path, list[Message]]:
    found = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as source:
            found[path] = [message for message in read_po(source, locale="ko", abort_invalid=True) if message.id]
    return found


def _listed(problems: list[str]) -> str:
    return f"{len(problems)} problem(s):\n  " + "\n  ".join(sorted(problems))


def test_extraction_reads_code_and_templates() -> None:
    places = [place for used in used_messages().values() for place in used.places]
    assert any(place.startswith("civicvote/web/labels.py") for place in places)
    assert any(place.startswith("civicvote/templates/base.html") for place in places)


def test_every_message_has_a_korean_sentence() -> None:
    translated = {
        (_text(message.id), message.context)
        for messages in catalogues().values()
        for message in messages
        if not message.fuzzy and all(_strings(message))
    }
    missing = [
        f"{used.places[0]}: {text!r}"
        for (text, context), used in used_messages().items()
        if (text, context) not in translated
    ]
    assert not missing, _listed(missing)


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_no_translation_is_empty_fuzzy_or_left_in_english() -> None:
    problems = []
    for path, messages in catalogues().items():
        for message in messages:
            where = f"{shown(path)}:{message.lineno}: {_text(message.id)!r}"
            if message.fuzzy:
                problems.append(f"{where} is fuzzy")
            elif not all(_strings(message)):
                problems.append(f"{where} is empty")
            elif _text(message.id) in _strings(message) and _text(message.id) not in SAME_IN_BOTH:
                problems.append(f"{where} is English in the Korean catalogue")
    assert not problems, _listed(problems)


def test_no_catalogue_translates_what_nobody_shows() -> None:
    used = used_messages()
    orphans = [
        f"{shown(path)}:{message.lineno}: {_text(message.id)!r}"
        for path, messages in catalogues().items()
        for message in messages
        if (_text(message.id), message.context) not in used
    ]
    assert not orphans, _listed(orphans)


def test_catalogues_agree_where_they_translate_the_same_message() -> None:
    seen: dict[Key, dict[tuple[str, ...], str]] = defaultdict(dict)
    for path, messages in catalogues().items():
        for message in messages:
            where = f"{shown(path)}:{message.lineno}"
            seen[_text(message.id), message.context].setdefault(_strings(message), where)
    conflicts = [
        f"{text!r}: " + "; ".join(f"{where} says {' | '.join(strings)!r}" for strings, where in versions.items())
        for (text, _context), versions in seen.items()
        if len(versions) > 1
    ]
    assert not conflicts, _listed(conflicts)


def test_numbers_of_sentences_come_with_separators() -> None:
    """``%(num)d`` would say 1156 where people read 1,156."""
    plain = [f"{used.places[0]}: {text!r}" for (text, _context), used in used_messages().items() if "%(num)d" in text]
    assert not plain, _listed(plain)


def test_translations_keep_the_placeholders() -> None:
    problems = []
    for path, messages in catalogues().items():
        for message in messages:
            problems += [
                f"{shown(path)}:{message.lineno}: {_text(message.id)!r}: {error}" for error in message.check(None)
            ]
            wanted = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
            for string in _strings(message):
                if string and _placeholders(string) - wanted:
                    problems.append(f"{shown(path)}:{message.lineno}: {string!r} names what the message does not give")
    assert not problems, _listed(problems)


def _placeholders(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def test_placeholder_check_sees_an_unknown_name() -> None:
    assert _placeholders("%(count)s건 중 %(total)s") - _placeholders("%(count)s items") == {"total"}


@pytest.mark.parametrize("text", ["CivicVote"])
def test_words_that_may_stay_english_are_still_used(text: str) -> None:
    """The list of exceptions must not outlive its reasons: each is a name that a page shows."""
    assert any(text in path.read_text() for path in (PACKAGE / "templates").rglob("*.html"))


def test_a_body_of_voters_has_one_korean_word() -> None:
    """An electorate is 선거인단 wherever it stands, its weight 반영비율 as the glossary has it."""
    wrong = [
        f"{shown(path)}:{message.lineno}: {string}"
        for path, messages in catalogues().items()
        for message in messages
        for string in _strings(message)
        if "lectorate" in _text(message.id) and any(other in string for other in ("투표자 집단", "가중치", "반영 비율"))
    ]
    assert not wrong, _listed(wrong)
