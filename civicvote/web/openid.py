"""Signing in through OpenID providers. Authlib speaks the protocol; here stands what it is asked to do, and not to do.

The way to the provider and back is remembered in the signed cookie, sealed, for ten minutes and one use: no row is
written before the provider answered. Nobody but the provider's own answer tells who somebody is: state, nonce and the
proof of the code (PKCE, S256) belong to this browser, the ID token is checked for issuer, audience, signature, age and
nonce, and the user info must be of the same subject.
"""

import hmac
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import Flask, abort, current_app, request
from joserfc.errors import JoseError

from civicvote.domain.accounts.provider_settings import read_providers, transport_problem
from civicvote.domain.accounts.providers import (
    ProvidedIdentity,
    ProvidedResidency,
    Provider,
    identity_from_claims,
)
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.kernel import clock
from civicvote.web import sealed
from civicvote.web.i18n import current_locale
from civicvote.web.settings import settings

log = structlog.get_logger("civicvote.openid")

#: How long a person may take at the provider, and on the page that follows.
PATIENCE = timedelta(minutes=10)
_TIMEOUT_SECONDS = 5
_LONGEST_PATH = 500
_LEEWAY_SECONDS = 60
#: The discovery document and the keys are fetched anew after this long.
_FRESH = timedelta(hours=1)
_EXTENSION = "civicvote.openid"
_JOURNEY, _ARRIVAL = "openid_journey", "openid_arrival"
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_DENIALS = frozenset({"access_denied", "consent_required", "interaction_required", "login_required"})


class Failure(StrEnum):
    """Why somebody comes back from a provider without having signed in."""

    DENIED = "denied"
    LOST = "lost"
    WRONG_ANSWER = "wrong_answer"
    UNREACHABLE = "unreachable"


class ProviderFailed(Exception):
    """``provider`` is None where even that was forgotten: nobody waits in this browser, or not any more."""

    def __init__(self, provider: Provider | None, failure: Failure) -> None:
        super().__init__(failure)
        self.provider = provider
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came back from a provider, and where they wanted to go."""

    identity: ProvidedIdentity
    next: str | None


@dataclass(slots=True)
class _Registry:
    """The providers of this installation, and a client for each that was used, with the moment of its discovery."""

    providers: Mapping[str, Provider]
    clients: dict[str, tuple[FlaskOAuth2App, datetime]]


def init_app(app: Flask) -> None:
    """Read the file of providers, if there is one. Raises ``ProviderSettingsWrong``. Asks no provider anything."""
    installation = app.extensions["civicvote"]
    providers: Mapping[str, Provider] = {}
    if installation.oidc_path:
        document = tomllib.loads(installation.oidc_path.read_text())
        providers = read_providers(document, variables=os.environ, is_production=installation.is_production)
    install(app, providers)
    app.context_processor(lambda: {"openid_providers": list(configured_providers().values())})


def install(app: Flask, providers: Mapping[str, Provider]) -> None:
    """Offer these providers from now on."""
    app.extensions[_EXTENSION] = _Registry(providers, {})


def configured_providers() -> Mapping[str, Provider]:
    """All providers by key, in the order of the file."""
    return _registry().providers


def provider_or_404(key: str) -> Provider:
    return configured_providers().get(key) or abort(404)


def authorization_address(provider: Provider, *, next_path: str | None) -> str:
    """Where the browser goes to sign in. Remembers in the cookie what the answer must fit to."""
    with _speaking_to(provider) as client:
        way = client.create_authorization_url(_callback_address(provider), ui_locales=current_locale())
    note = {
        "provider": provider.key,
        "state": way["state"],
        "nonce": way["nonce"],
        "verifier": way["code_verifier"],
        "next": next_path if next_path and len(next_path) <= _LONGEST_PATH else None,
        "locale": current_locale(),
    }
    sealed.keep(_JOURNEY, note, lifetime=PATIENCE)
    return str(way["url"])


def locale_of_journey() -> str | None:
    """The language in which the person set out: providers know one address of return, without a language."""
    return (sealed.kept(_JOURNEY) or {}).get("locale")


def arrive(provider: Provider) -> Arrival:
    """Who came back with this request. Raises ``ProviderFailed``, ``ClaimsUnusable``, ``ClaimsHoldPersonalNumber``."""
    journey = sealed.kept(_JOURNEY)
    sealed.forget(_JOURNEY)
    state, code, issuer = (request.args.get(name, "") for name in ("state", "code", "iss"))
    if not journey or journey["provider"] != provider.key:
        raise _failed(provider, Failure.LOST)
    error = request.args.get("error")
    if error in _DENIALS and not state:  # some forget the state with an error; nothing follows from it but a page
        raise _failed(provider, Failure.DENIED)
    if not hmac.compare_digest(state.encode(), journey["state"].encode()):
        raise _failed(provider, Failure.LOST)
    if error:
        raise _failed(provider, Failure.DENIED if error in _DENIALS else Failure.WRONG_ANSWER)
    if not code or (issuer and issuer != provider.issuer):
        raise _failed(provider, Failure.WRONG_ANSWER)
    with _speaking_to(provider) as client:
        claims = _claims(provider, client, code, journey)
    return Arrival(identity_from_claims(provider, claims), journey["next"])


def _claims(provider: Provider, client: FlaskOAuth2App, code: str, journey: Mapping[str, str]) -> dict[str, Any]:
    token = client.fetch_access_token(
        redirect_uri=_callback_address(provider), code=code, code_verifier=journey["verifier"]
    )
    signed = client.parse_id_token(
        token,
        nonce=journey["nonce"],
        claims_options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
        },
        leeway=_LEEWAY_SECONDS,
    )
    if signed is None:
        raise _failed(provider, Failure.WRONG_ANSWER, reason="no id_token")
    told = client.userinfo(token=token) if client.server_metadata.get("userinfo_endpoint") else {}
    if told and told.get("sub") != signed["sub"]:
        raise _failed(provider, Failure.WRONG_ANSWER, reason="user info of another subject")
    return {**told, **signed}


def hold(arrival: Arrival) -> None:
    """Keep who arrived until they decide on the page that follows."""
    sealed.keep(_ARRIVAL, asdict(arrival), lifetime=PATIENCE)


def held_arrival() -> Arrival | None:
    """Who waits to be signed up or linked in this browser; None when nobody does, or not any more."""
    note = sealed.kept(_ARRIVAL)
    if note is None or note["identity"]["provider"] not in configured_providers():
        return None
    identity, residency = note["identity"], note["identity"].pop("residency")
    if residency:
        residency["residency_class"] = ResidencyClass(residency["residency_class"])
        residency["assurance"] = Assurance(residency["assurance"])
    return Arrival(
        ProvidedIdentity(**identity, residency=ProvidedResidency(**residency) if residency else None), note["next"]
    )


def let_go() -> None:
    """Forget who waited."""
    sealed.forget(_ARRIVAL)


def _callback_address(provider: Provider) -> str:
    site = settings().public_url or request.host_url.rstrip("/")
    return f"{site}/account/providers/{provider.key}/callback"


@contextmanager
def _speaking_to(provider: Provider) -> Iterator[FlaskOAuth2App]:
    """The provider's client; what goes wrong inside becomes ``ProviderFailed``. No token ever gets into the log."""
    try:
        yield _client(provider)
    except requests.RequestException as error:
        raise _failed(provider, Failure.UNREACHABLE, reason=type(error).__name__) from None
    except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
        # an OAuth error is a word of the protocol (invalid_client); what comes with it is not repeated
        reason = f"{type(error).__name__} {getattr(error, 'error', '') or ''}"[:60].strip()
        raise _failed(provider, Failure.WRONG_ANSWER, reason=reason) from None


def _client(provider: Provider) -> FlaskOAuth2App:
    clients = _registry().clients
    found = clients.get(provider.key)
    if found and clock.now() - found[1] < _FRESH:
        return found[0]
    client = FlaskOAuth2App(
        FlaskIntegration(provider.key),
        name=provider.key,
        client_id=provider.client_id,
        client_secret=provider.client_secret or None,
        server_metadata_url=provider.metadata_url,
        client_kwargs={
            "scope": " ".join(provider.scopes),
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT_SECONDS,
        },
    )
    _discover(provider, client)
    clients[provider.key] = client, clock.now()
    return client


def _discover(provider: Provider, client: FlaskOAuth2App) -> None:
    """Fetch the provider's description, keep of it what is used, and refuse one that is not the issuer's own."""
    told = client.load_server_metadata()
    names = (*_NEEDED, "userinfo_endpoint") if told.get("userinfo_endpoint") else _NEEDED
    addresses = {name: str(told.get(name, "")) for name in names}
    is_production = settings().is_production
    if told.get("issuer") != provider.issuer or any(
        transport_problem(address.partition("?")[0], is_production=is_production) for address in addresses.values()
    ):
        raise _failed(provider, Failure.UNREACHABLE, reason="the description is of another issuer, or not encrypted")
    offered = [each for each in told.get("id_token_signing_alg_values_supported") or ["RS256"] if each in _ALGORITHMS]
    if not offered:
        raise _failed(provider, Failure.UNREACHABLE, reason="no signature that anybody can check")
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if provider.client_secret and "client_secret_basic" not in methods and "client_secret_post" in methods:
        client.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105 – the name of a way
    client.server_metadata = {
        **addresses,
        "issuer": provider.issuer,
        "id_token_signing_alg_values_supported": offered,
        "_loaded_at": told["_loaded_at"],
    }


def _failed(provider: Provider, failure: Failure, *, reason: str = "") -> ProviderFailed:
    log.warning("sign-in failed", provider=provider.key, failure=failure.value, reason=reason)
    return ProviderFailed(provider, failure)


def _registry() -> _Registry:
    found: _Registry = current_app.extensions[_EXTENSION]
    return found
