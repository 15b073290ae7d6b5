"""A person's own data as one ZIP: a JSON file for each kind of thing, and a text that says what is what."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask_babel import gettext as _

from civicvote.kernel import clock
from civicvote.web.filters import when


def archive_of(kinds: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """The ZIP. Kinds without rows have no file; the text counts all of them."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _read_me(kinds))
        for name, rows in kinds.items():
            if rows:
                archive.writestr(f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=2))
    return stream.getvalue()


def _read_me(kinds: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    said = (
        _("Everything that this site keeps about you, as of %(moment)s.", moment=when(clock.now())),
        _("Each file holds one kind of thing as JSON; times are UTC. Below stands how many there are of each."),
        _("Passwords and other secrets are kept as fingerprints only and left out."),
        _("polls.json says in which polls you could vote, and whether you did. Choices are kept without names."),
    )
    counted = [f"{name}: {len(rows)}" for name, rows in kinds.items()]
    return "\n".join([*said, "", *counted, ""])
