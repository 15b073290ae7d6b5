"""What an act was about: a word, and the page on which it can be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from civicvote.domain.accounts.residency import ExcludedGroup, ResidencyClass
from civicvote.domain.audit.entries import Entry
from civicvote.kernel import ids
from civicvote.web.labels import label

WORDS: dict[str, LazyString] = {
    "clash": _l("Two accounts, one identity"),
    "class": _l("Rule of residency"),
    "comment": _l("Comment"),
    "disbursement": _l("Payment"),
    "group": _l("Rule of residency"),
    "letter": _l("Letter"),
    "letter_batch": _l("Letters by post"),
    "list": _l("List"),
    "opinion_question": _l("Opinion question"),
    "person": _l("Account"),
    "poll": _l("Poll"),
    "project": _l("Project"),
    "proposal": _l("Proposal"),
    "region": _l("Region"),
    "roll_upload": _l("Rolls of residents"),
    "round": _l("Round"),
    "transfer": _l("Posting"),
    "voice": _l("Answer or opinion"),
}
LISTS: dict[str, LazyString] = {"audit": _l("Audit"), "residents": _l("Residents")}

#: Subjects that are rules, by the words of what they rule.
_RULED: dict[str, type[StrEnum]] = {"class": ResidencyClass, "group": ExcludedGroup}

#: The endpoint of its public page, and the argument that takes the id.
_PAGES = {
    "opinion_question": ("opinions.show", "question_id"),
    "poll": ("polls.show", "poll_id"),
    "project": ("budgeting.show", "project_id"),
    "proposal": ("proposals.show", "proposal_id"),
    "round": ("rounds.show", "round_id"),
    "voice": ("voices.show", "voice_id"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """``address`` is None where there is no page for everybody."""

    text: str
    address: str | None


def person_id_of(entry: Entry) -> int | None:
    """The person whom the act was about, if it was a person."""
    kind, _, key = entry.subject.partition(":")
    return _id(key) if kind == "person" else None


def subject_of(entry: Entry, names: Mapping[int, str], slug: str) -> Subject:
    """The subject in words; ``names`` of people by id."""
    kind, _, key = entry.subject.partition(":")
    identifier = _id(key)
    word = str(WORDS[kind]) if kind in WORDS else kind
    if kind == "list":
        return Subject(f"{word}: {LISTS.get(key, key)}", None)
    if kind in _RULED and key in set(_RULED[kind]):
        return Subject(f"{word}: {label(_RULED[kind](key))}", None)
    if kind == "person" and identifier is not None and identifier in names:
        return Subject(f"{word}: {names[identifier]}", None)
    text = f"{word} {ids.encode(identifier)}" if identifier is not None else f"{word} {key}"
    if kind not in _PAGES or identifier is None:
        return Subject(text, None)
    endpoint, argument = _PAGES[kind]
    values: dict[str, Any] = {"slug": slug, argument: identifier}
    return Subject(text, url_for(endpoint, **values))


def _id(key: str) -> int | None:
    """Subjects carry ids as a number or as they stand in addresses; numbers of today have 18 digits, those have 13."""
    try:
        return int(key) if key.isdecimal() and len(key) > 13 else ids.decode(key)
    except ValueError:
        return None
