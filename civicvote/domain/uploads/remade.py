"""A file as it will be served, made anew from what was sent."""

import hashlib
from dataclasses import dataclass

from civicvote.domain.uploads.kinds import MediaType


@dataclass(frozen=True, slots=True)
class Remade:
    """``title`` is what the sender called it, with the ending of its kind. Sizes in pixels belong to pictures."""

    media_type: MediaType
    title: str
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
