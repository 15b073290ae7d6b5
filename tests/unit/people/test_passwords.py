import pytest

from civicvote.domain.accounts import passwords
from civicvote.domain.accounts.passwords import (
    PasswordNamesItsOwner,
    PasswordTooEasy,
    PasswordTooLong,
    PasswordTooShort,
    check_password,
    hash_password,
    password_fits,
)
from civicvote.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("짧은비밀", PasswordTooShort),
        ("a" * 9, PasswordTooShort),
        ("참" * 201, PasswordTooLong),
        ("aaaaaaaaaaaa", PasswordTooEasy),
        ("1234567890", PasswordTooEasy),
        ("0987654321", PasswordTooEasy),
        ("Password2026!", PasswordTooEasy),
        ("qwertyuiop", PasswordTooEasy),
        ("비밀번호 123456", PasswordTooEasy),
        ("minji.kim@example.org", PasswordNamesItsOwner),
        ("Minji.Kim-2026", PasswordNamesItsOwner),
        ("김민지김1234567", PasswordNamesItsOwner),
    ],
)
def test_what_everybody_guesses_first_is_refused(password: str, refusal: type[Invalid]) -> None:
    with pytest.raises(refusal):
        check_password(password, email="minji.kim@example.org", display_name="김민지김")


@pytest.mark.parametrize(
    "password", ["초록 우산 아래 고양이", "correct horse battery", "7월엔 수박을 먹자!", "minji likes rivers"]
)
def test_several_words_pass(password: str) -> None:
    check_password(password, email="minji.kim@example.org", display_name="김민지")


def test_hash_is_argon2id_with_the_published_costs() -> None:
    assert hash_password("초록 우산 아래 고양이").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_fits_its_hash_however_the_keyboard_composed_it() -> None:
    kept = hash_password("\uac00\ub098\ub2e4 가나다라마")
    assert password_fits("\u1100\u1161\u1102\u1161\u1103\u1161 가나다라마", kept)
    assert not password_fits("가나다 가나다라바", kept)


def test_nobodys_password_costs_the_same_work_and_never_fits() -> None:
    assert not password_fits("nobody has this password", None)
    assert not password_fits("anything at all", "not a hash")
    assert not password_fits("x" * 100_000, None)
    assert passwords._HASH_OF_NOBODY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
