"""The hash chain of audit entries: each hash covers the entry and the hash before it."""

import hashlib
import json
from datetime import datetime
from typing import Any

GENESIS = "0" * 64

# Made once: a chain of ten thousand entries is hashed in one go.
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical(detail: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces, so that equal details have equal bytes."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_moment(at: datetime) -> str:
    """The moment (aware UTC) as it is hashed: ISO 8601."""
    return at.isoformat()


def entry_hash(
    *,
    region_id: int,
    sequence: int,
    at: str,
    actor_id: int | None,
    verb: str,
    subject: str,
    detail: str,
    previous_hash: str,
) -> str:
    """SHA-256 (hex) over the canonical form of the entry, ``previous_hash`` included; ``at`` as above."""
    fields = [region_id, sequence, at, actor_id, verb, subject, detail, previous_hash]
    return hashlib.sha256(_write(fields).encode()).hexdigest()
