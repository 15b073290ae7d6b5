"""Device words, link addresses, pseudonyms."""

import re

import pytest

from civicvote.domain.accounts.closing import new_pseudonym
from civicvote.domain.accounts.errors import LinkUnusable
from civicvote.domain.accounts.links import LinkPurpose, link_id_of, link_path
from civicvote.domain.accounts.passwords import hash_password, password_fits
from civicvote.kernel.keys import KeyRing
from civicvote.web.device_words import device_words

KEYS = KeyRing(secret_key="s" * 40, identity_key="i" * 40)
OTHER_KEYS = KeyRing(secret_key="t" * 40, identity_key="i" * 40)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Whale/4.28 Safari/537.36", "Whale, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36;KAKAOTALK 25", "KakaoTalk, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Linux"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_its_owner_would(said: str, words: str) -> None:
    assert device_words(said) == words


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_opens_with_its_own_mac_only(purpose: LinkPurpose) -> None:
    path = link_path(KEYS, purpose, 123_456_789)
    token = path.rpartition("/")[2]
    assert link_id_of(KEYS, purpose, token) == 123_456_789
    name, _, mac = token.partition("-")
    for forged in (f"{name}-", name, "", "-", f"x{token}", f"{name}-{mac[:-1]}", f"{name}-{mac}x", f"u-{mac}"):
        with pytest.raises(LinkUnusable):
            link_id_of(KEYS, purpose, forged)
    with pytest.raises(LinkUnusable):
        link_id_of(OTHER_KEYS, purpose, token)
    for other in set(LinkPurpose) - {purpose}:
        with pytest.raises(LinkUnusable):
            link_id_of(KEYS, other, token)


def test_a_pseudonym_tells_nothing_and_tells_apart() -> None:
    names = {new_pseudonym("ko") for _ in range(20)}
    assert len(names) > 15
    assert all(re.fullmatch(r"탈퇴한 주민 [2-9A-HJ-NP-Z]{4}", name) for name in names)
    assert new_pseudonym("en").startswith("Former member ")


@pytest.mark.parametrize("stored", [None, "!", "", "$2b$12$abc"])
def test_without_a_hash_of_ours_no_password_fits(stored: str | None) -> None:
    assert not password_fits("nobody has this password", stored)
    assert password_fits("세 마리 고래", hash_password("세 마리 고래"))
