"""The file of providers: what it may say, and that every fault is told before anybody tries to sign in."""

import re
import tomllib
from pathlib import Path

import pytest

from civicvote.domain.accounts.provider_settings import ProviderSettingsWrong, read_providers, transport_problem
from civicvote.domain.accounts.providers import ClaimRule, Provider

SMALLEST = """
[[provider]]
key = "city"
name_ko = "시청 로그인"
name_en = "City sign-on"
issuer = "https://login.example.org"
client_id = "civicvote"
"""
WHOLE = f"""{SMALLEST}
client_secret_env = "CITY_SECRET"
scopes = ["openid", "profile", "email"]
identity_claim = "ci"
identity_is_shared = true
name_claim = "name"
birth_claim = "birthdate"
trusts_mail = true
region = {{ claim = "address.region", values = {{ "29" = "gwangju" }} }}
residency_class = {{ fixed = "address" }}
assurance = {{ claim = "acr", values = {{ "2" = "identity_provider" }} }}
"""


def read(text: str, *, is_production: bool = True, **variables: str) -> dict[str, Provider]:
    return read_providers(tomllib.loads(text), variables=variables, is_production=is_production)


def test_a_provider_may_be_only_a_way_to_sign_in() -> None:
    provider = read(SMALLEST)["city"]
    assert (provider.client_secret, provider.scopes, provider.identity_claim) == ("", ("openid",), "sub")
    assert (provider.region, provider.trusts_mail) == (None, False)
    assert provider.metadata_url == "https://login.example.org/.well-known/openid-configuration"


def test_everything_that_the_file_may_say() -> None:
    provider = read(WHOLE, CITY_SECRET="hush")["city"]
    assert provider.client_secret == "hush"
    assert provider.scopes == ("openid", "profile", "email")
    assert (provider.identity_claim, provider.identity_is_shared) == ("ci", True)
    assert (provider.name_claim, provider.birth_claim, provider.trusts_mail) == ("name", "birthdate", True)
    assert provider.region == ClaimRule(claim="address.region", values={"29": "gwangju"})
    assert provider.residency_class == ClaimRule(fixed="address")
    assert "hush" not in repr(provider)


def test_there_may_be_any_number_of_providers_in_their_order() -> None:
    providers = read(SMALLEST.replace('"city"', '"b"') + SMALLEST.replace('"city"', '"a"'))
    assert list(providers) == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "at least one"),
        ("provider = 1", "at least one"),
        (f"colour = 1\n{SMALLEST}", "unknown: colour"),
        (SMALLEST + "colour = 1", "provider city: unknown: colour"),
        (SMALLEST + SMALLEST, "the key stands twice"),
        (SMALLEST.replace('"city"', '"City/1"'), "key takes"),
        (SMALLEST.replace('client_id = "civicvote"', ""), "client_id is missing"),
        (SMALLEST.replace('"civicvote"', "7"), "client_id must be a text"),
        (SMALLEST.replace("https://", "http://"), "issuer must begin with https://"),
        (SMALLEST.replace("https://login.example.org", "http://127.0.0.1:9400"), "issuer must begin with https://"),
        (SMALLEST.replace("example.org", "example.org?x=1"), "without query"),
        (SMALLEST + 'scopes = ["profile"]', "scopes must hold openid"),
        (SMALLEST + 'scopes = "openid"', "scopes must be a list"),
        (SMALLEST + 'client_secret = "a"\nclient_secret_env = "B"', "not both"),
        (SMALLEST + 'client_secret_env = "NOT_SET"', "NOT_SET (client_secret_env) is not set"),
        (SMALLEST + 'trusts_mail = "yes"', "trusts_mail must be true or false"),
        (SMALLEST + "identity_is_shared = true", "needs another claim"),
        (SMALLEST + 'name_claim = "name"', "name_claim and birth_claim"),
        (SMALLEST + 'region = { fixed = "gwangju" }', "together or not at all"),
        (WHOLE.replace('fixed = "address"', 'fixed = "neighbour"'), "residency_class: neighbour is none of"),
        (WHOLE.replace('= "identity_provider"', '= "in_person"'), "assurance: in_person is none of"),
        (WHOLE.replace('fixed = "address"', 'fixed = ""'), "residency_class is { fixed"),
        (WHOLE.replace('fixed = "address"', 'fixed = "address", claim = "c"'), "residency_class is { fixed"),
        (WHOLE.replace('{ "2" = "identity_provider" }', "{}"), "assurance is { fixed"),
        (WHOLE.replace('"29" = "gwangju"', '"29" = 5'), "region is { fixed"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ProviderSettingsWrong, match=re.escape(told)):
        read(text, CITY_SECRET="hush")


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ProviderSettingsWrong) as refused:
        read(SMALLEST.replace("https", "http").replace('key = "city"', "") + "colour = 1")
    assert str(refused.value).count("provider 1:") == 3


@pytest.mark.parametrize(
    ("address", "in_production", "elsewhere"),
    [
        ("https://login.example.org", True, True),
        ("https://login.example.org/realms/city", True, True),
        ("http://127.0.0.1:9400", False, True),
        ("http://localhost:9400", False, True),
        ("http://login.example.org", False, False),
        ("http://127.0.0.1.example.org", False, False),
        ("ftp://login.example.org", False, False),
        ("login.example.org", False, False),
        ("https://user:password@login.example.org", False, False),
        ("https://login.example.org#x", False, False),
        ("https://[broken", False, False),
    ],
)
def test_tokens_travel_encrypted_or_on_this_machine(address: str, in_production: bool, elsewhere: bool) -> None:
    assert (transport_problem(address, is_production=True) == "") is in_production
    assert (transport_problem(address, is_production=False) == "") is elsewhere


def test_the_example_of_the_documentation_can_be_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "providers.md").read_text()
    example = page.split("```toml\n")[1].split("```")[0]
    providers = read(example, GWANGJU_OIDC_SECRET="a", SIMPLE_AUTH_SECRET="b")
    assert len(providers) == 2
