"""Answers that prove nothing: an issuer that lies, a journey that is not this browser's, a provider that is away."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from civicvote.domain.accounts.models import AccountSession, Person, ProviderSignIn, Residency
from civicvote.domain.accounts.providers import ClaimRule, Provider
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock
from tests.factories.issuer import CLIENT_ID, CraftedIssuer, another_key, shared_key
from tests.factories.people import make_person
from tests.strict_client import StrictClient
from tests.web.providers.conftest import Travel, hop

IDENTITY = {"sub": "s-1", "ci": "ci-1", "name": "홍길동", "birthdate": "1950-03-07"}


@pytest.fixture
def city(crafted: CraftedIssuer, offer: Callable[..., Provider]) -> Provider:
    crafted.claims = dict(IDENTITY)
    return offer("city", crafted.address)


@pytest.fixture
def member(session: Session, city: Provider) -> Person:
    """Somebody whom the honest answer signs in."""
    person = make_person("이미 온 사람")
    session.add(
        ProviderSignIn(
            provider="city", subject="s-1", person_id=person.id, created_at=clock.now(), last_used_at=clock.now()
        )
    )
    session.commit()
    return person


def nobody_signed_in(session: Session) -> bool:
    return session.scalar(sa.select(sa.func.count()).select_from(AccountSession)) == 0


def test_the_honest_answer_signs_in(
    client: StrictClient, member: Person, session: Session, travel_crafted: Travel
) -> None:
    """Every test below spoils one thing of this."""
    assert travel_crafted(client, "city").request.path == "/me"
    assert not nobody_signed_in(session)


def test_the_answer_may_be_spread_over_token_and_user_info(
    client: StrictClient,
    member: Person,
    crafted: CraftedIssuer,
    session: Session,
    region: Region,
    travel_crafted: Travel,
) -> None:
    crafted.claims, crafted.told = {"sub": "s-1"}, IDENTITY
    travel_crafted(client, "city")
    assert session.get(Residency, (region.id, member.id)) is not None


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another client"},
        {"aud": "another client", "azp": CLIENT_ID},
        {"aud": ["another client"], "azp": CLIENT_ID},
        {"aud": None},
        {"aud": [CLIENT_ID, "another client"], "azp": "another client"},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"nonce": "another nonce"},
        {"nonce": None},
        {"exp": int(time.time()) - 600},
        {"exp": None},
        {"exp": "soon"},
        {"iat": int(time.time()) + 86_400},
        {"nbf": int(time.time()) + 86_400},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"at_hash": "of another token"},
    ],
    ids="+".join,
)
def test_a_token_that_is_not_for_us_or_not_for_now_opens_nothing(
    client: StrictClient,
    member: Person,
    crafted: CraftedIssuer,
    session: Session,
    travel_crafted: Travel,
    claims: dict[str, Any],
) -> None:
    crafted.claims = IDENTITY | claims
    answer = travel_crafted(client, "city")
    assert answer.status_code in {400, 422}
    assert nobody_signed_in(session)


@pytest.mark.parametrize(
    ("way", "changes"),
    [("client_secret_basic", {}), ("client_secret_post", {}), ("none", {"client_secret": ""})],
)
def test_the_client_shows_who_it_is_in_the_way_that_the_provider_wants(
    client: StrictClient,
    member: Person,
    crafted: CraftedIssuer,
    offer: Callable[..., Provider],
    travel_crafted: Travel,
    way: str,
    changes: dict[str, str],
) -> None:
    offer("city", crafted.address, **changes)
    crafted.way = way
    crafted.description = {"token_endpoint_auth_methods_supported": [way]}
    assert travel_crafted(client, "city").request.path == "/me"


def test_without_the_secret_no_code_is_worth_anything(
    client: StrictClient, member: Person, crafted: CraftedIssuer, offer: Callable[..., Provider],
    session: Session, travel_crafted: Travel
) -> None:  # fmt: skip
    offer("city", crafted.address, client_secret="another secret")
    assert travel_crafted(client, "city").status_code == 400
    assert nobody_signed_in(session)


def test_a_signature_by_another_key_opens_nothing(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, travel_crafted: Travel
) -> None:
    crafted.key = another_key()
    assert travel_crafted(client, "city").status_code == 400
    assert nobody_signed_in(session)


def test_an_unsigned_token_opens_nothing_even_where_the_issuer_offers_that(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, travel_crafted: Travel
) -> None:
    crafted.algorithm = "none"
    assert travel_crafted(client, "city").status_code == 400
    assert nobody_signed_in(session)


def test_a_public_key_is_no_shared_secret(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, travel_crafted: Travel
) -> None:
    crafted.algorithm, crafted.key = "HS256", shared_key("the text of a public key, which everybody can read")
    assert travel_crafted(client, "city").status_code == 400
    assert nobody_signed_in(session)


def test_a_new_key_of_the_issuer_is_fetched(
    client: StrictClient,
    new_client: Any,
    member: Person,
    crafted: CraftedIssuer,
    session: Session,
    travel_crafted: Travel,
) -> None:
    travel_crafted(client, "city")
    crafted.rotate("two")
    assert travel_crafted(new_client(), "city").request.path == "/me"


def test_user_info_of_somebody_else_opens_nothing(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, travel_crafted: Travel
) -> None:
    crafted.told = {"sub": "s-2", "ci": "of another person"}
    assert travel_crafted(client, "city").status_code == 400
    assert nobody_signed_in(session)


def test_user_info_cannot_overrule_the_signed_token(
    client: StrictClient, member: Person, crafted: CraftedIssuer, offer: Callable[..., Provider], region: Region,
    session: Session, travel_crafted: Travel
) -> None:  # fmt: skip
    levels = ClaimRule(claim="acr", values={"high": "identity_provider"})
    offer("city", crafted.address, assurance=levels)
    crafted.claims = IDENTITY | {"acr": "low"}
    crafted.told = IDENTITY | {"acr": "high"}
    assert travel_crafted(client, "city").request.path == "/me"
    assert session.get(Residency, (region.id, member.id)) is None


@pytest.mark.parametrize("claim", ["sub", "ci", "name"])
def test_a_resident_registration_number_in_a_claim_signs_nobody_in(
    client: StrictClient, crafted: CraftedIssuer, city: Provider, session: Session, travel_crafted: Travel, claim: str
) -> None:
    crafted.claims = IDENTITY | {claim: "900101-1234567"}
    with capture_logs() as logs:
        answer = travel_crafted(client, "city")
    assert answer.status_code == 422
    assert "주민등록번호" in client.text()
    assert "900101" not in answer.get_data(as_text=True) + str(logs)
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def back_from(client: StrictClient, key: str = "city") -> str:
    there = client.get(f"/account/providers/{key}/start").headers["Location"]
    return hop(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])


def changed(address: str, **values: str) -> str:
    parts = urlsplit(address)
    kept = dict(parse_qsl(parts.query)) | values
    return f"{parts.path}?{urlencode({name: value for name, value in kept.items() if value})}"


@pytest.mark.parametrize("values", [{"state": "guessed"}, {"state": ""}, {"state": "\u00e9"}], ids=str)
def test_a_state_that_is_not_ours_opens_nothing(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, values: dict[str, str]
) -> None:
    assert client.get(changed(back_from(client), **values)).status_code == 400
    assert "/token" not in crafted.asked, "the code was not even sent on"
    assert nobody_signed_in(session)


@pytest.mark.parametrize("values", [{"code": ""}, {"code": "guessed"}, {"iss": "https://elsewhere.example"}], ids=str)
def test_a_code_that_the_provider_does_not_know_opens_nothing(
    client: StrictClient, member: Person, session: Session, values: dict[str, str]
) -> None:
    assert client.get(changed(back_from(client), **values)).status_code == 400
    assert nobody_signed_in(session)


def test_the_answer_to_one_browser_opens_nothing_in_another(
    client: StrictClient, new_client: Any, member: Person, session: Session
) -> None:
    back = back_from(client)
    other = new_client()
    assert other.get(back).status_code == 400
    other.get("/account/providers/city/start")
    assert other.get(back).status_code == 400, "not even in one that is on its own way"
    assert nobody_signed_in(session)


def test_the_code_of_another_browser_fails_at_the_provider(
    client: StrictClient, new_client: Any, member: Person, session: Session
) -> None:
    """A stolen code with one's own state: the proof of the code (PKCE) does not fit."""
    stolen = dict(parse_qsl(urlsplit(back_from(client)).query))["code"]
    thief = new_client()
    assert thief.get(changed(back_from(thief), code=stolen)).status_code == 400
    assert nobody_signed_in(session)


def test_the_answer_of_one_provider_is_none_of_another(
    client: StrictClient, member: Person, crafted: CraftedIssuer, offer: Callable[..., Provider], session: Session
) -> None:
    offer("other", crafted.address)
    back = back_from(client, "other").replace("/other/", "/city/")
    assert client.get(back).status_code == 400
    assert nobody_signed_in(session)


def test_who_takes_longer_than_ten_minutes_begins_again(client: StrictClient, member: Person, session: Session) -> None:
    back = back_from(client)
    with clock.frozen_at(clock.now() + timedelta(minutes=11)):
        assert client.get(back).status_code == 400
    assert nobody_signed_in(session)


def test_the_page_of_a_newcomer_expires_too(
    client: StrictClient, city: Provider, session: Session, travel_crafted: Travel
) -> None:
    travel_crafted(client, "city")
    with clock.frozen_at(clock.now() + timedelta(minutes=11)):
        assert client.get("/account/providers/sign-up").status_code == 400
    assert client.get("/account/providers/sign-up").status_code == 200


def test_nobody_reads_what_waits_in_the_cookie(client: StrictClient, city: Provider, travel_crafted: Travel) -> None:
    travel_crafted(client, "city")
    with client.session_transaction() as cookie:
        kept = cookie["openid_arrival"]
        cookie["openid_arrival"] = kept[:-8] + "AAAAAAA="
    assert "ci-1" not in kept
    assert len(kept) < 1500
    assert client.get("/account/providers/sign-up").status_code == 400, "what was changed is worth nothing"


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_a_provider_that_breaks_on_the_way_stores_nothing(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, travel_crafted: Travel, path: str
) -> None:
    crafted.told = IDENTITY
    crafted.broken = {path}
    answer = travel_crafted(client, "city")
    assert answer.status_code == 503
    assert nobody_signed_in(session)


def test_a_provider_that_is_away_is_told_and_found_again(
    client: StrictClient, app: Flask, crafted: CraftedIssuer, city: Provider
) -> None:
    crafted.broken = {"/.well-known/openid-configuration"}
    answer = client.get("/account/providers/city/start")
    assert answer.status_code == 503
    assert "응답이 없습니다" in answer.get_data(as_text=True)
    crafted.broken = set()
    assert client.get("/account/providers/city/start").status_code == 303


def test_the_description_is_fetched_once_an_hour_and_not_before_it_is_needed(
    client: StrictClient, crafted: CraftedIssuer, city: Provider
) -> None:
    client.get("/account/sign-in")
    assert crafted.asked == []
    for _time in range(3):
        client.get("/account/providers/city/start")
    assert crafted.asked == ["/.well-known/openid-configuration"]
    with clock.frozen_at(clock.now() + timedelta(minutes=61)):
        client.get("/account/providers/city/start")
    assert len(crafted.asked) == 2


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": 5},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
    ids=str,
)
def test_a_description_of_another_issuer_or_without_encryption_is_not_used(
    client: StrictClient, crafted: CraftedIssuer, city: Provider, description: dict[str, Any]
) -> None:
    crafted.description = description
    answer = client.get("/account/providers/city/start")
    assert answer.status_code == 503
    assert "Location" not in answer.headers


def test_neither_token_nor_code_nor_claim_gets_into_the_log(
    client: StrictClient, member: Person, crafted: CraftedIssuer, travel_crafted: Travel
) -> None:
    crafted.claims = IDENTITY | {"nonce": "another nonce"}
    with capture_logs() as logs:
        back = back_from(client)
        client.get(back)
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    assert [entry["failure"] for entry in logs if "failure" in entry] == ["wrong_answer"]
    for secret in (code, "ci-1", "홍길동", "s-1", "another nonce", "eyJ"):
        assert secret not in str(logs)


def test_a_region_that_does_not_exist_leaves_the_sign_in_whole(
    client: StrictClient, member: Person, crafted: CraftedIssuer, offer: Callable[..., Provider], travel_crafted: Travel
) -> None:
    offer("city", crafted.address, region=ClaimRule(fixed="atlantis"))
    answer = travel_crafted(client, "city")
    assert answer.request.path == "/me"
    assert client.page.xpath("//*[contains(@class, 'notice--warning')]")


@pytest.mark.parametrize("birth_date", ["1950-13-45", "0000-03-07", "1950", "2999-01-01"])
def test_a_birth_date_that_is_none_confirms_nothing(
    client: StrictClient, member: Person, crafted: CraftedIssuer, session: Session, region: Region,
    travel_crafted: Travel, birth_date: str
) -> None:  # fmt: skip
    crafted.claims = IDENTITY | {"birthdate": birth_date}
    assert travel_crafted(client, "city").request.path == "/me"
    assert session.get(Residency, (region.id, member.id)) is None


def test_who_comes_from_nowhere_finds_a_page_that_says_so(client: StrictClient, city: Provider, sign_in: Any) -> None:
    assert client.get("/account/providers/city/callback?code=a&state=b").status_code == 400
    assert client.get("/account/providers/sign-up").status_code == 400
    assert client.get("/account/providers/nobody/start").status_code == 404
    assert client.get("/account/providers/nobody/callback").status_code == 404
    assert sign_in(make_person()).get("/me/providers/link").status_code == 400


def test_linking_without_the_form_of_the_page_is_refused(
    sign_in: Any, city: Provider, session: Session, travel_crafted: Travel, app: Flask
) -> None:
    client = sign_in(make_person())
    travel_crafted(client, "city")
    assert client.post("/me/providers/link", data={}).status_code == 400
    assert session.scalar(sa.select(sa.func.count()).select_from(ProviderSignIn)) == 0
