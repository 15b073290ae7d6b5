"""Files that people handed in: what is known of each; the bytes lie in the store under ``name``."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key
from civicvote.domain.uploads.kinds import MediaType


class Upload(Base):
    """A file as it is served: re-made from what was sent, without metadata. ``name`` is random and says nothing;
    ``title`` is what the sender called it. Width and height (pixels) belong to images. Until it is
    attached to something, only its sender sees it; ``kept_until``: something unfinished holds it so long."""

    __tablename__ = "uploads"
    __table_args__ = (sa.Index(None, "sender_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    media_type: Mapped[MediaType]
    title: Mapped[str] = mapped_column(sa.String(120))
    size_bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_thumbnail: Mapped[bool]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    sent_at: Mapped[datetime]
    attached_at: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
