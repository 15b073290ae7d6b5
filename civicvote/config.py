"""Settings: read once from ``CIVICVOTE_*`` variables into a frozen value. Production refuses unsafe ones."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from civicvote.kernel.keys import KeyRing

MIN_SECRET_LENGTH = 32
#: ``https://{s}.tiles.example/{z}/{x}/{y}.png``; nothing else may stand in what becomes part of a header.
_TILES = re.compile(r"(https?://)((?:\{s\}\.)?[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*(?::\d{1,5})?)(/[^\s;,]*)")


class Environment(StrEnum):
    DEVELOPMENT = "development"
    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class UnsafeSettings(Exception):
    """Production would start with settings that endanger votes, money or doors; the text lists all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    environment: Environment
    secret_key: str
    database_url: str
    instance_path: Path
    key_path: Path
    mail_path: Path
    name: str = "CivicVote"
    public_url: str = ""
    identity_key: str = ""
    uploads_url: str = ""
    uploads_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    oidc_path: Path | None = None
    redis_url: str = ""
    smtp_url: str = ""
    mail_from: str = "civicvote@localhost"
    official_masthead: bool = False
    trusted_proxies: int = 0
    tile_url: str = ""
    tile_attribution: str = ""

    @property
    def tile_source(self) -> str:
        """What the pages' policy must allow so that maps may fetch their tiles: scheme and host; empty without any."""
        if not self.tile_url:
            return ""
        found = _TILES.fullmatch(self.tile_url)
        if found is None or any(f"{{{name}}}" not in found[3] for name in "zxy"):
            raise ValueError("CIVICVOTE_TILE_URL must look like https://tiles.example.org/{z}/{x}/{y}.png")
        return found[1] + found[2].replace("{s}", "*")

    @property
    def key_ring(self) -> KeyRing:
        """Keys for everything that is signed, sealed or marked."""
        return KeyRing(secret_key=self.secret_key, identity_key=self.identity_key)

    @property
    def keeps_pages(self) -> bool:
        """Whether readers without a cookie may get a page that is two seconds old. Elsewhere everything is as it is."""
        return self.is_production

    @property
    def is_demo(self) -> bool:
        return self.environment is Environment.DEMO

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """Read ``CIVICVOTE_*``. Raises ``UnsafeSettings`` in production, ``ValueError`` for a malformed value."""
        value = {name.removeprefix("CIVICVOTE_"): text for name, text in variables.items()}
        instance = Path(value.get("INSTANCE_PATH", "instance")).resolve()
        settings = cls(
            environment=Environment(value.get("ENVIRONMENT", Environment.DEVELOPMENT)),
            secret_key=value.get("SECRET_KEY", ""),
            database_url=value.get("DATABASE_URL", f"sqlite:///{instance / 'civicvote.db'}"),
            instance_path=instance,
            key_path=Path(value.get("KEY_PATH", instance.with_name(f"{instance.name}-keys"))).resolve(),
            mail_path=Path(value.get("MAIL_PATH", instance / "mail")).resolve(),
            name=value.get("SITE_NAME", "CivicVote"),
            public_url=value.get("PUBLIC_URL", "").rstrip("/"),
            identity_key=value.get("IDENTITY_KEY", ""),
            uploads_url=value.get("UPLOADS_URL", (instance / "uploads").as_uri()),
            uploads_options=json.loads(value.get("UPLOADS_OPTIONS") or "{}"),
            oidc_path=Path(value["OIDC_PROVIDERS"]).resolve() if value.get("OIDC_PROVIDERS") else None,
            redis_url=value.get("REDIS_URL", ""),
            smtp_url=value.get("SMTP_URL", ""),
            mail_from=value.get("MAIL_FROM", "civicvote@localhost"),
            official_masthead=value.get("OFFICIAL_MASTHEAD", "") == "1",
            trusted_proxies=int(value.get("TRUSTED_PROXIES", "0")),
            tile_url=value.get("TILE_URL", ""),
            tile_attribution=value.get("TILE_ATTRIBUTION", ""),
        )
        _ = settings.tile_source  # a malformed address is told now, not by the first page
        if problems := settings.problems():
            raise UnsafeSettings("; ".join(problems))
        return settings

    def problems(self) -> list[str]:
        """Why production must not start with these settings; always empty elsewhere."""
        if not self.is_production:
            return []
        problems = []
        if not _is_random(self.secret_key):
            problems.append(f"CIVICVOTE_SECRET_KEY must be a random text of at least {MIN_SECRET_LENGTH} characters")
        if not _is_random(self.identity_key) or self.identity_key == self.secret_key:
            problems.append(
                f"CIVICVOTE_IDENTITY_KEY must be another random text of at least {MIN_SECRET_LENGTH} characters, "
                "kept for ever: without it nobody who was verified is recognised again"
            )
        if not self.public_url.startswith("https://"):
            problems.append("CIVICVOTE_PUBLIC_URL must be the site's https:// address")
        if self.tile_source.startswith("http://"):
            problems.append("CIVICVOTE_TILE_URL must be an https:// address")
        if self.key_path.is_relative_to(self.instance_path):
            problems.append("CIVICVOTE_KEY_PATH must lie outside CIVICVOTE_INSTANCE_PATH, which backups copy")
        return problems


def _is_random(text: str) -> bool:
    return len(text) >= MIN_SECRET_LENGTH and len(set(text)) >= 10
