"""What is taken from a provider's claims: a pure function, and the door through which strangers' data comes in."""

from typing import Any

import pytest

from civicvote.domain.accounts.providers import (
    ClaimRule,
    ClaimsHoldPersonalNumber,
    ClaimsUnusable,
    Provider,
    identity_from_claims,
)
from civicvote.domain.accounts.residency import Assurance, ResidencyClass

CLAIMS = {
    "sub": "248289761001",
    "ci": "Zm9yIHRlc3RzIG9ubHksIGEgbGluayBpbmZvcm1hdGlvbg==",
    "name": "홍길동",
    "birthdate": "1950-03-07",
    "acr": "level-2",
    "relation": "worker",
    "address": {"region": "29"},
    "email": "Hong@Example.org",
    "email_verified": True,
    "phone_number": "+82 10-0000-0000",
}


def make_provider(**changes: Any) -> Provider:
    given: dict[str, Any] = {
        "key": "city",
        "name_ko": "시청 로그인",
        "name_en": "City sign-on",
        "issuer": "https://login.example.org",
        "client_id": "civicvote",
        "identity_claim": "ci",
        "identity_is_shared": True,
        "name_claim": "name",
        "birth_claim": "birthdate",
        "trusts_mail": True,
        "region": ClaimRule(claim="address.region", values={"29": "gwangju", "30": "daejeon"}),
        "residency_class": ClaimRule(claim="relation", values={"resident": "address", "worker": "work"}),
        "assurance": ClaimRule(claim="acr", values={"level-1": "self_declared", "level-2": "identity_provider"}),
    }
    return Provider(**(given | changes))


def test_claims_become_a_subject_an_address_and_a_residency() -> None:
    identity = identity_from_claims(make_provider(), CLAIMS)
    assert (identity.provider, identity.subject, identity.email) == ("city", "248289761001", "hong@example.org")
    residency = identity.residency
    assert residency is not None
    assert (residency.region_slug, residency.residency_class) == ("gwangju", ResidencyClass.WORK)
    assert residency.assurance is Assurance.IDENTITY_PROVIDER
    assert (residency.identifier, residency.name, residency.birth_date) == (CLAIMS["ci"], "홍길동", "1950-03-07")


def test_what_the_settings_do_not_name_is_left_behind() -> None:
    told = repr(identity_from_claims(make_provider(), CLAIMS | {"gender": "male", "picture": "https://x.example/p"}))
    assert "male" not in told
    assert "010-0000" not in told
    assert "홍길동" not in told, "what could name a person is not even printed in a trace"
    assert CLAIMS["ci"] not in told


def test_fixed_words_need_no_claims() -> None:
    provider = make_provider(
        identity_claim="sub",
        identity_is_shared=False,
        name_claim=None,
        birth_claim=None,
        region=ClaimRule(fixed="gwangju"),
        residency_class=ClaimRule(fixed="address"),
        assurance=ClaimRule(fixed="identity_provider"),
    )
    residency = identity_from_claims(provider, {"sub": "1"}).residency
    assert residency is not None
    assert residency.residency_class is ResidencyClass.ADDRESS
    assert (residency.name, residency.birth_date) == (None, None)


def test_the_same_subject_at_two_issuers_is_two_identifiers() -> None:
    def identifier(issuer: str) -> str:
        provider = make_provider(issuer=issuer, identity_claim="sub", identity_is_shared=False)
        residency = identity_from_claims(provider, CLAIMS).residency
        assert residency is not None
        return residency.identifier

    assert identifier("https://a.example") != identifier("https://b.example")


def test_a_provider_without_a_region_only_signs_in() -> None:
    provider = make_provider(region=None, residency_class=None, assurance=None)
    assert identity_from_claims(provider, CLAIMS).residency is None


@pytest.mark.parametrize("subject", [None, "", "   ", 17, ["1"], {"a": 1}, "x" * 256, "a\x00b", "a\nb", True])
def test_without_a_usable_subject_nobody_is_known(subject: object) -> None:
    with pytest.raises(ClaimsUnusable):
        identity_from_claims(make_provider(), CLAIMS | {"sub": subject})


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("ci", None),
        ("ci", ""),
        ("ci", 123),
        ("ci", "x" * 600),
        ("name", None),
        ("name", ["홍길동"]),
        ("name", "홍\u202e길동"),
        ("birthdate", None),
        ("birthdate", 19500307),
        ("acr", "level-9"),
        ("acr", None),
        ("acr", ["level-2"]),
        ("relation", "tourist"),
        ("relation", {"is": "worker"}),
        ("address", "29"),
        ("address", {"region": "11"}),
        ("address", {"region": None}),
        ("address", {}),
        ("address", None),
    ],
)
def test_whoever_lacks_a_claim_signs_in_without_a_residency(claim: str, value: object) -> None:
    identity = identity_from_claims(make_provider(), CLAIMS | {claim: value})
    assert identity.subject == CLAIMS["sub"]
    assert identity.residency is None


def test_a_missing_claim_is_like_an_empty_one() -> None:
    for claim in ("ci", "name", "birthdate", "acr", "relation", "address"):
        claims = {name: value for name, value in CLAIMS.items() if name != claim}
        assert identity_from_claims(make_provider(), claims).residency is None


def test_a_claim_whose_own_name_has_dots_comes_first() -> None:
    provider = make_provider(identity_claim="https://id.example.org/ci")
    claims = CLAIMS | {"https://id.example.org/ci": "by its own name"}
    residency = identity_from_claims(provider, claims).residency
    assert residency is not None
    assert residency.identifier == "by its own name"


@pytest.mark.parametrize(
    ("changes", "verified", "email"),
    [
        ({}, True, "hong@example.org"),
        ({}, False, None),
        ({}, None, None),
        ({}, "true", None),
        ({}, 1, None),
        ({"trusts_mail": False}, True, None),
    ],
)
def test_an_address_counts_only_where_it_is_verified_and_trusted(
    changes: dict[str, Any], verified: object, email: str | None
) -> None:
    claims = CLAIMS | {"email_verified": verified}
    assert identity_from_claims(make_provider(**changes), claims).email == email


@pytest.mark.parametrize("address", ["no-address", "a@b", "a b@example.org", f"{'x' * 250}@example.org", 5, None])
def test_what_is_no_address_is_not_taken_for_one(address: object) -> None:
    assert identity_from_claims(make_provider(), CLAIMS | {"email": address}).email is None


@pytest.mark.parametrize(
    "number", ["900101-1234567", "9001011234567", "９００１０１－１２３４５６７", "900101 - 5234567"]
)
@pytest.mark.parametrize("claim", ["sub", "ci", "name", "birthdate"])
def test_a_resident_registration_number_is_refused_wherever_it_would_be_used(claim: str, number: str) -> None:
    with pytest.raises(ClaimsHoldPersonalNumber):
        identity_from_claims(make_provider(), CLAIMS | {claim: number})


def test_a_number_in_the_address_is_refused_and_one_that_nobody_reads_is_not_taken() -> None:
    with pytest.raises(ClaimsHoldPersonalNumber):
        identity_from_claims(make_provider(), CLAIMS | {"email": "900101-1234567@example.org"})
    identity = identity_from_claims(make_provider(), CLAIMS | {"rrn": "900101-1234567"})
    assert "1234567" not in repr(identity)
