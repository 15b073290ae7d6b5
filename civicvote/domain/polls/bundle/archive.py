"""A recount bundle as one ZIP file: parts, and a manifest with the SHA-256 of each that is evidence. docs/recount.md
describes it.

The same poll gives the same bytes: the parts are stored uncompressed, in one order, with one date.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from civicvote.domain.polls.bundle.texts import README_EN, README_KO
from civicvote.kernel.errors import Invalid

FORMAT = 1
MANIFEST, RULES, OUTCOME, RECEIPTS = "manifest.json", "rules.json", "outcome.json", "receipts.txt"
READMES = frozenset({"README.ko.txt", "README.en.txt"})
"""Words of the programme and no evidence: the manifest leaves them out, so that its hash, once it stands on a page,
stays true when they are put better."""
_LARGEST = 1 << 30
_UNREADABLE = (zipfile.BadZipFile, RuntimeError, KeyError, TypeError, ValueError, AttributeError)
_DATE = (1980, 1, 1, 0, 0, 0)


class BundleUnusable(Invalid):
    """The file is no bundle, or one of a format that this version does not know."""

    code = "bundle_unusable"


@dataclass(frozen=True, slots=True)
class BallotPart:
    """A file of ballots. ``electorate``: whose they are, as they were counted."""

    name: str
    electorate: str
    ballots: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """``parts``: name to content, as found, and ``hashes``: name to SHA-256, as the manifest has it.

    ``exponent``: decimal digits of the currency's smallest unit. ``receipts_root`` is empty without receipts.
    """

    manifest_hash: str
    rules_hash: str
    receipts_root: str
    exponent: int
    ballots: tuple[BallotPart, ...]
    hashes: Mapping[str, str]
    parts: Mapping[str, bytes]


def write_bundle(
    *,
    rules: str,
    outcome: Mapping[str, Any],
    ballots: Sequence[tuple[BallotPart, str]],
    receipts: Sequence[str],
    receipts_root: str,
    exponent: int,
) -> bytes:
    """``rules``: the fixed text; ``outcome``: as stored; ``receipts``: hex, in the order of the list."""
    readmes = {"README.ko.txt": README_KO.encode(), "README.en.txt": README_EN.encode()}
    parts = {RULES: rules.encode()}
    parts |= {part.name: content.encode() for part, content in ballots}
    if receipts:
        parts[RECEIPTS] = "".join(f"{receipt}\n" for receipt in receipts).encode()
    parts[OUTCOME] = _json(outcome)
    manifest = {
        "format": FORMAT,
        "rules_hash": sha256(parts[RULES]),
        "receipts_root": receipts_root,
        "exponent": exponent,
        "ballots": [{"file": part.name, "electorate": part.electorate, "ballots": part.ballots} for part, _ in ballots],
        "parts": {name: sha256(content) for name, content in parts.items()},
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ({MANIFEST: _json(manifest)} | readmes | parts).items():
            archive.writestr(_entry(name), content)
    return out.getvalue()


def read_bundle(content: bytes) -> Bundle:
    """What ``write_bundle`` wrote; whether its parts are whole is for the recount to say. Raises ``BundleUnusable``."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(names) < len(entries) or sum(entry.file_size for entry in entries) > _LARGEST:
                raise BundleUnusable
            parts = {entry.filename: archive.read(entry) for entry in entries}
        text = parts.pop(MANIFEST)
        manifest = json.loads(text)
        if manifest["format"] != FORMAT:
            raise BundleUnusable
        return Bundle(
            manifest_hash=sha256(text),
            rules_hash=str(manifest["rules_hash"]),
            receipts_root=str(manifest["receipts_root"]),
            exponent=int(manifest["exponent"]),
            ballots=tuple(
                BallotPart(str(each["file"]), str(each["electorate"]), int(each["ballots"]))
                for each in manifest["ballots"]
            ),
            hashes={str(name): str(value) for name, value in manifest["parts"].items()},
            parts=parts,
        )
    except _UNREADABLE as error:
        raise BundleUnusable from error


def sha256(content: bytes) -> str:
    """In hexadecimal, as ``sha256sum`` prints it."""
    return hashlib.sha256(content).hexdigest()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry
