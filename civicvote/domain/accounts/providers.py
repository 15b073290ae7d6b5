"""OpenID providers, and what is taken from the claims that they send about a person.

What the provider's settings do not name is neither read nor stored; a value that would be used and looks like a
resident registration number is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.kernel.errors import Conflict, Invalid
from civicvote.kernel.personal_data import holds_personal_number

MAX_SUBJECT = 255
_MAX_VALUE = 512


class ClaimsUnusable(Invalid):
    """What the provider sent about the person lacks a subject, or is no text where a text must be."""

    code = "claims_unusable"


class ClaimsHoldPersonalNumber(Invalid):
    """A claim that would be used looks like a resident registration number."""

    code = "claims_hold_personal_number"


class LinkedElsewhere(Conflict):
    """Another account signs in with this identity."""

    code = "linked_elsewhere"


class ProviderAlreadyLinked(Conflict):
    """The account signs in with another identity of the same provider."""

    code = "provider_already_linked"


class ProviderNotLinked(Conflict):
    code = "provider_not_linked"


class OnlyWayIn(Conflict):
    """Without this provider nobody could sign in to the account any more."""

    code = "only_way_in"


class AddressTaken(Conflict):
    """An account has the address that the provider vouches for. Told only to whom the provider knows as its owner."""

    code = "address_taken"
    field = "email"


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Where a word of ours comes from: the same for everybody (``fixed``), or looked up by a claim's value."""

    fixed: str | None = None
    claim: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def word(self, claims: Mapping[str, Any]) -> str | None:
        """The word for this person; None where the claim is missing, no text, or has a value that is not listed."""
        if self.fixed is not None or self.claim is None:
            return self.fixed
        return self.values.get(_text(claims, self.claim) or "")

    def words(self) -> list[str]:
        return [self.fixed] if self.fixed is not None else list(self.values.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider. ``region``, ``residency_class`` and ``assurance`` are given together, or the provider is only a way
    to sign in. ``identity_is_shared``: other providers call a person by the same identifier (in Korea the 연계정보)."""

    key: str
    name_ko: str
    name_en: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid",)
    identity_claim: str = "sub"
    identity_is_shared: bool = False
    name_claim: str | None = None
    birth_claim: str | None = None
    trusts_mail: bool = False
    region: ClaimRule | None = None
    residency_class: ClaimRule | None = None
    assurance: ClaimRule | None = None

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedResidency:
    """Where a provider says the person belongs. ``identifier``, ``name`` and ``birth_date`` become marks and are then
    forgotten."""

    region_slug: str
    residency_class: ResidencyClass
    assurance: Assurance
    identifier: str = field(repr=False)
    name: str | None = field(default=None, repr=False)
    birth_date: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedIdentity:
    """Who signed in at a provider. ``email`` only where the provider verified it and is trusted with that."""

    provider: str
    subject: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    residency: ProvidedResidency | None = None


def identity_from_claims(provider: Provider, claims: Mapping[str, Any]) -> ProvidedIdentity:
    """What is used of the claims, and nothing else. Raises ``ClaimsUnusable``, ``ClaimsHoldPersonalNumber``.

    A residency is claimed only when everything that the settings name has come; a person of whom something is missing
    signs in all the same and is verified in another way.
    """
    subject = _text(claims, "sub")
    if not subject or len(subject) > MAX_SUBJECT:
        raise ClaimsUnusable
    email = _text(claims, "email") if provider.trusts_mail and claims.get("email_verified") is True else None
    identity = ProvidedIdentity(
        provider=provider.key,
        subject=subject,
        email=normal_address(email) if email and _is_address(email) else None,
        residency=_residency(provider, claims),
    )
    _refuse_personal_numbers(identity)
    return identity


def _residency(provider: Provider, claims: Mapping[str, Any]) -> ProvidedResidency | None:
    if not (provider.region and provider.residency_class and provider.assurance):
        return None
    words = [rule.word(claims) for rule in (provider.region, provider.residency_class, provider.assurance)]
    names = [provider.identity_claim, provider.name_claim, provider.birth_claim]
    identifier, name, birth_date = (_text(claims, claim) if claim else None for claim in names)
    region, residency_class, assurance = words
    missing = [claim for claim, value in zip(names, (identifier, name, birth_date), strict=True) if claim and not value]
    if not (region and residency_class and assurance and identifier) or missing:
        return None
    return ProvidedResidency(
        region_slug=region,
        residency_class=ResidencyClass(residency_class),
        assurance=Assurance(assurance),
        identifier=identifier if provider.identity_is_shared else f"{provider.issuer}\n{identifier}",
        name=name,
        birth_date=birth_date,
    )


def _refuse_personal_numbers(identity: ProvidedIdentity) -> None:
    used = [identity.subject, identity.email]
    if residency := identity.residency:
        used += [residency.identifier, residency.name, residency.birth_date]
    if any(holds_personal_number(text) for text in used if text):
        raise ClaimsHoldPersonalNumber


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """The claim as a trimmed text; None where it is absent, of another type, empty, too long or not printable.

    A name with dots (``address.region``) reaches into claims that are objects, unless a claim has it as its own name.
    """
    value: Any = claims
    for part in [name] if name in claims else name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if not isinstance(value, str) or not value.isprintable() or len(value) > _MAX_VALUE:
        return None
    return value.strip() or None


def _is_address(text: str) -> bool:
    return re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) is not None and len(text) <= 254
