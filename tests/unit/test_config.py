"""Settings, and what production refuses."""

from pathlib import Path

import pytest

from civicvote.config import Environment, Settings, UnsafeSettings

SAFE = {
    "CIVICVOTE_ENVIRONMENT": "production",
    "CIVICVOTE_IDENTITY_KEY": "k3y-of-identities-0123456789-abcdefghij",
    "CIVICVOTE_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "CIVICVOTE_PUBLIC_URL": "https://vote.example.org",
}


def test_defaults_are_for_development() -> None:
    settings = Settings.from_environment({})
    assert settings.environment is Environment.DEVELOPMENT
    assert settings.database_url.startswith("sqlite:///")


def test_keys_lie_outside_the_instance_folder_by_default(tmp_path: Path) -> None:
    settings = Settings.from_environment({"CIVICVOTE_INSTANCE_PATH": str(tmp_path / "instance")})
    assert not settings.key_path.is_relative_to(settings.instance_path)


def test_production_starts_with_safe_values() -> None:
    assert Settings.from_environment(SAFE).is_production


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"CIVICVOTE_SECRET_KEY": ""}, "CIVICVOTE_SECRET_KEY"),
        ({"CIVICVOTE_SECRET_KEY": "short"}, "CIVICVOTE_SECRET_KEY"),
        ({"CIVICVOTE_SECRET_KEY": "a" * 64}, "CIVICVOTE_SECRET_KEY"),
        ({"CIVICVOTE_IDENTITY_KEY": ""}, "CIVICVOTE_IDENTITY_KEY"),
        ({"CIVICVOTE_IDENTITY_KEY": SAFE["CIVICVOTE_SECRET_KEY"]}, "CIVICVOTE_IDENTITY_KEY"),
        ({"CIVICVOTE_PUBLIC_URL": "http://vote.example.org"}, "CIVICVOTE_PUBLIC_URL"),
        ({"CIVICVOTE_INSTANCE_PATH": "/srv/a", "CIVICVOTE_KEY_PATH": "/srv/a/keys"}, "CIVICVOTE_KEY_PATH"),
    ],
)
def test_production_refuses_unsafe_values_and_names_them(change: dict[str, str], named: str) -> None:
    with pytest.raises(UnsafeSettings, match=named):
        Settings.from_environment(SAFE | change)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("", ""),
        ("https://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org"),
        ("https://{s}.tiles.example.org:8443/a/{z}/{x}/{y}{r}.png?key=1", "https://*.tiles.example.org:8443"),
        ("http://localhost:8080/{z}/{x}/{y}.png", "http://localhost:8080"),
    ],
)
def test_tiles_allow_exactly_their_host(address: str, source: str) -> None:
    assert Settings.from_environment({"CIVICVOTE_TILE_URL": address}).tile_source == source


@pytest.mark.parametrize(
    "address",
    [
        "tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://a.example;script-src *;/{z}/{x}/{y}.png",
        "https://a.example/{z}/{x}/{y}.png;script-src *",
        "https://a.example/{z}/{x}/{y}.png\n",
        "https://a.example@evil.example/{z}/{x}/{y}.png",
        "javascript://a.example/{z}/{x}/{y}.png",
    ],
)
def test_an_address_of_tiles_that_says_more_than_a_host_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="CIVICVOTE_TILE_URL"):
        Settings.from_environment({"CIVICVOTE_TILE_URL": address})


def test_production_takes_tiles_over_tls_only() -> None:
    with pytest.raises(UnsafeSettings, match="CIVICVOTE_TILE_URL"):
        Settings.from_environment(SAFE | {"CIVICVOTE_TILE_URL": "http://tiles.example.org/{z}/{x}/{y}.png"})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings.from_environment({}).secret_key = "other"  # type: ignore[misc]
