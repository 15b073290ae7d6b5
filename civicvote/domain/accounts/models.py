"""People, how they sign in, the sessions they opened, where they are resident and which roles they hold."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civicvote.db import Base, Key
from civicvote.domain.accounts.links import LinkPurpose
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.kernel.permissions import Role


class Person(Base):
    """An account. Without ``email`` it was closed or signs in through a provider; without ``password_hash`` it has no
    password. A closed account keeps its id, so that public acts stay, under a name that tells nothing."""

    __tablename__ = "people"

    id: Mapped[Key]
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(40))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(2), default="ko")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class AccountSession(Base):
    """A sign-in on one device. Only the token's SHA-256 is stored. ``second_factor_at``: when this session last showed
    a second factor. ``challenge`` waits for a passkey's answer."""

    __tablename__ = "account_sessions"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    id: Mapped[int] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    device: Mapped[str] = mapped_column(sa.String(120), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]
    challenge: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    challenge_at: Mapped[datetime | None]


class AccountLink(Base):
    """A link that was mailed. Its address carries the id and a MAC of it, so that this row alone opens nothing.

    ``payload`` of a sign-up is what was typed (name, locale, the password's hash): the account begins with the click.
    """

    __tablename__ = "account_links"

    id: Mapped[Key]
    purpose: Mapped[LinkPurpose]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential. ``credential_id`` is base64url, ``public_key`` COSE."""

    __tablename__ = "passkeys"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(40))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Authenticator(Base):
    """A TOTP generator (RFC 6238). ``secret`` is the one in use, ``new_secret`` waits for its first code and then takes
    its place; both are sealed. ``last_step`` is the last time step used, so that no code works twice."""

    __tablename__ = "authenticators"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    secret: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    new_secret: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """One of ten codes on paper, each good for one sign-in. Only its MAC is stored."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    code_mac: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ProviderSignIn(Base):
    """The person behind a subject of an OpenID provider (its key in the settings)."""

    __tablename__ = "provider_sign_ins"

    provider: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]


class Residency(Base):
    """A person belongs to a region, as was verified on a day.

    ``confirmed_by_id`` is empty where no person decided (provider, letter, roll). ``excluded_as``: belongs to the
    region, but has no ballot. ``birth_year`` serves turnout by age band; ``born_on`` is kept of minors only, until they
    come of age. ``guardian_consented_at`` is set while a guardian's consent stands.
    """

    __tablename__ = "residencies"
    __table_args__ = (sa.Index(None, "person_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    residency_class: Mapped[ResidencyClass]
    assurance: Mapped[Assurance]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    confirmed_at: Mapped[datetime]
    valid_until_on: Mapped[date | None] = mapped_column(sa.Date)
    evidence: Mapped[str] = mapped_column(sa.String(200), default="")
    district_code: Mapped[str | None] = mapped_column(sa.String(10))
    birth_year: Mapped[int | None]
    born_on: Mapped[date | None] = mapped_column(sa.Date)
    excluded_as: Mapped[ExcludedGroup | None]
    guardian_consented_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role of a person in a region. ``department`` of a reviewer, ``institution_id`` of a representative."""

    __tablename__ = "role_grants"
    __table_args__ = (sa.Index(None, "person_id"),)

    region_id: Mapped[int] = mapped_column(sa.ForeignKey("regions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    granted_at: Mapped[datetime]
    department: Mapped[str] = mapped_column(sa.String(80), default="")
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institutions.id"))
