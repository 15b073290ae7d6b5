"""The file of OpenID providers (``CIVICVOTE_OIDC_PROVIDERS``, described in ``docs/providers.md``), read at start.

Every fault is told at once, so that whoever configures a provider mends the file in one go.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from civicvote.domain.accounts.providers import ClaimRule, Provider
from civicvote.domain.accounts.residency import Assurance, ResidencyClass

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
#: What a provider may vouch for. The other levels say that somebody was at a desk, got a letter, stands on a list.
ASSURANCES = (Assurance.SELF_DECLARED, Assurance.IDENTITY_PROVIDER)
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_REQUIRED = ("key", "name_ko", "name_en", "issuer", "client_id")
_TEXTS = (*_REQUIRED, "client_secret", "client_secret_env", "identity_claim", "name_claim", "birth_claim")
_RULES = ("region", "residency_class", "assurance")
_KNOWN = frozenset({*_TEXTS, *_RULES, "scopes", "trusts_mail", "identity_is_shared"})


class ProviderSettingsWrong(Exception):
    """The file of providers can't be used; the text lists everything that is wrong with it."""


def read_providers(
    document: Mapping[str, Any], *, variables: Mapping[str, str], is_production: bool
) -> dict[str, Provider]:
    """The providers of a parsed file by key, in its order. Raises ``ProviderSettingsWrong``."""
    problems = [f"unknown: {name}" for name in document if name != "provider"]
    entries = document.get("provider", [])
    if not isinstance(entries, list) or not entries:
        raise ProviderSettingsWrong("; ".join([*problems, "the file needs at least one [[provider]]"]))
    providers: dict[str, Provider] = {}
    for number, entry in enumerate(entries, start=1):
        reader = _Reader(entry if isinstance(entry, Mapping) else {}, variables, is_production)
        provider = reader.provider()
        if provider.key in providers:
            reader.problems.append("the key stands twice")
        providers[provider.key] = provider
        problems += [f"provider {provider.key or number}: {problem}" for problem in reader.problems]
    if problems:
        raise ProviderSettingsWrong("; ".join(problems))
    return providers


class _Reader:
    """Reads one [[provider]] and notes what is wrong with it instead of stopping at the first fault."""

    def __init__(self, entry: Mapping[str, Any], variables: Mapping[str, str], is_production: bool) -> None:
        self.entry = entry
        self.variables = variables
        self.is_production = is_production
        self.problems = [f"unknown: {name}" for name in entry if name not in _KNOWN]

    def provider(self) -> Provider:
        texts = {name: self._text(name) for name in _TEXTS}
        self.problems += [f"{name} is missing" for name in _REQUIRED if not texts[name]]
        if texts["key"] and not _KEY.fullmatch(texts["key"]):
            self.problems.append("key takes up to 40 of a-z, 0-9 and -")
        if texts["issuer"] and (problem := transport_problem(texts["issuer"], is_production=self.is_production)):
            self.problems.append(f"issuer {problem}")
        rules = self._rules(bool(texts["name_claim"]), bool(texts["birth_claim"]))
        return Provider(
            key=texts["key"],
            name_ko=texts["name_ko"],
            name_en=texts["name_en"],
            issuer=texts["issuer"],
            client_id=texts["client_id"],
            client_secret=self._secret(texts["client_secret"], texts["client_secret_env"]),
            scopes=self._scopes(),
            identity_claim=texts["identity_claim"] or "sub",
            identity_is_shared=self._is_true("identity_is_shared"),
            name_claim=texts["name_claim"] or None,
            birth_claim=texts["birth_claim"] or None,
            trusts_mail=self._is_true("trusts_mail"),
            region=rules.get("region"),
            residency_class=rules.get("residency_class"),
            assurance=rules.get("assurance"),
        )

    def _text(self, name: str) -> str:
        value = self.entry.get(name, "")
        if not isinstance(value, str):
            self.problems.append(f"{name} must be a text")
            return ""
        return value.strip()

    def _is_true(self, name: str) -> bool:
        value = self.entry.get(name, False)
        if not isinstance(value, bool):
            self.problems.append(f"{name} must be true or false")
        return value is True

    def _secret(self, given: str, variable: str) -> str:
        if given and variable:
            self.problems.append("give client_secret or client_secret_env, not both")
        if variable and not self.variables.get(variable):
            self.problems.append(f"the variable {variable} (client_secret_env) is not set")
        return self.variables.get(variable, "") if variable else given

    def _scopes(self) -> tuple[str, ...]:
        scopes = self.entry.get("scopes", ["openid"])
        if not isinstance(scopes, list) or not all(isinstance(each, str) and each.split() == [each] for each in scopes):
            self.problems.append("scopes must be a list of words")
            return ("openid",)
        if "openid" not in scopes:
            self.problems.append("scopes must hold openid")
        return tuple(scopes)

    def _rules(self, has_name: bool, has_birth: bool) -> dict[str, ClaimRule]:
        rules = {name: self._rule(name) for name in _RULES if name in self.entry}
        if rules and len(rules) < len(_RULES):
            self.problems.append("region, residency_class and assurance are given together or not at all")
        if self.entry.get("identity_is_shared") is True and self.entry.get("identity_claim", "sub") == "sub":
            self.problems.append("sub is each provider's own word for a person: identity_is_shared needs another claim")
        if has_name != has_birth:
            self.problems.append("name_claim and birth_claim are given together or not at all")
        allowed: dict[str, type[StrEnum] | tuple[StrEnum, ...]]
        allowed = {"residency_class": ResidencyClass, "assurance": ASSURANCES}
        for name, words in allowed.items():
            known = [str(word) for word in words]
            if wrong := [word for word in rules.get(name, ClaimRule()).words() if word not in known]:
                self.problems.append(f"{name}: {', '.join(wrong)} is none of {', '.join(known)}")
        return rules

    def _rule(self, name: str) -> ClaimRule:
        """``{ fixed = "…" }`` or ``{ claim = "…", values = { "theirs" = "ours" } }``."""
        entry = self.entry[name]
        match entry:
            case {"fixed": str(fixed)} if fixed and len(entry) == 1:
                return ClaimRule(fixed=fixed)
            case {"claim": str(claim), "values": dict(values)} if (
                claim and values and len(entry) == 2 and all(isinstance(each, str) and each for each in values.values())
            ):
                return ClaimRule(claim=claim, values=values)
        self.problems.append(f"{name} is {{ fixed = … }} or {{ claim = …, values = {{ theirs = ours }} }}")
        return ClaimRule()


def transport_problem(address: str, *, is_production: bool) -> str:
    """Why tokens must not travel to this address; empty where they may. Plain http stays on this machine, and never
    happens in production."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "is no address"
    if not host or parts.query or parts.fragment or parts.username:
        return "must be a plain address without query"
    if parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK and not is_production):
        return ""
    return "must begin with https://"
