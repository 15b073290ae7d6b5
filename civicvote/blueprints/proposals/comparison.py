"""Two versions of a proposal side by side: each part as words taken out and put in, what stayed folded away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from civicvote.domain.proposals.queries_versions import Change, Said
from civicvote.kernel.text_difference import Passage, differences, passages


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the proposal that an edit changed."""

    name: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Compared:
    """The change with its differing parts, in the order in which the page of the proposal shows them."""

    change: Change
    parts: list[Part]


def compare(change: Change, field_names: Mapping[str, str]) -> Compared:
    """``field_names`` are the round's fields in the reader's language, by key."""
    pairs = zip(_parts(change.before, field_names), _parts(change.after, field_names), strict=True)
    parts = [Part(name, passages(differences(old, new))) for (name, old), (_name, new) in pairs if old != new]
    return Compared(change, parts)


def _parts(said: Said, field_names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield _("Title"), said.title
    yield _("In one sentence"), said.summary
    yield _("Field"), field_names.get(said.field_key, said.field_key)
    yield _("Place"), said.place
    yield _("Text"), said.body
    yield (
        _("Pictures and papers"),
        "\n".join(f"{title}: {caption}" if caption else title for title, caption in said.files),
    )
