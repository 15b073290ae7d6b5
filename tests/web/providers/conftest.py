"""Browsers that travel to a provider and back."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from civicvote.domain.accounts.providers import ClaimRule, Provider
from civicvote.domain.regions.models import Region
from civicvote.web import openid
from tests.factories.issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    CraftedIssuer,
    RealProvider,
    crafted_issuer,
    real_provider,
)
from tests.factories.places import make_region
from tests.strict_client import StrictClient

Travel = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def real() -> Iterator[RealProvider]:
    with real_provider() as provider:
        yield provider


@pytest.fixture
def crafted() -> Iterator[CraftedIssuer]:
    with crafted_issuer() as issuer:
        yield issuer


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region(name_ko="광주", name_en="Gwangju")
    session.commit()
    return made


@pytest.fixture
def offer(app: Flask, region: Region) -> Iterator[Callable[..., Provider]]:
    """``offer(key, issuer)`` adds a provider to the site for the length of the test."""
    offered: dict[str, Provider] = {}

    def add(key: str, issuer: str, **changes: Any) -> Provider:
        given: dict[str, Any] = {
            "key": key,
            "name_ko": f"{key} 로그인",
            "name_en": f"{key} sign-on",
            "issuer": issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scopes": ("openid", "profile", "email"),
            "identity_claim": "ci",
            "identity_is_shared": True,
            "name_claim": "name",
            "birth_claim": "birthdate",
            "trusts_mail": True,
            "region": ClaimRule(fixed=region.slug),
            "residency_class": ClaimRule(fixed="address"),
            "assurance": ClaimRule(fixed="identity_provider"),
        }
        offered[key] = Provider(**(given | changes))
        openid.install(app, dict(offered))
        return offered[key]

    yield add
    openid.install(app, {})


def hop(address: str) -> str:
    """The path of an address of the test's own site."""
    parts = urlsplit(address)
    assert parts.hostname == "localhost", address
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def travel_real(real: RealProvider) -> Travel:
    """``travel_real(client, "city", "hong")``: to the provider, agree there as that subject, back; the last answer."""

    def travel(client: StrictClient, key: str, subject: str, *, start: str = "", follow: bool = True) -> TestResponse:
        there = client.get(start or f"/account/providers/{key}/start")
        assert there.status_code == 303
        back = real.consent(there.headers["Location"], subject)
        return client.get(hop(back), follow_redirects=follow)

    return travel


@pytest.fixture
def travel_crafted() -> Travel:
    """The same with an issuer that asks nobody anything."""

    def travel(client: StrictClient, key: str, *, follow: bool = True) -> TestResponse:
        there = client.get(f"/account/providers/{key}/start")
        assert there.status_code == 303
        back = requests.get(there.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
        return client.get(hop(back), follow_redirects=follow)

    return travel
