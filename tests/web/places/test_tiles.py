"""Maps fetch nothing from elsewhere unless the site names a tile server; then from exactly that one."""

from dataclasses import replace
from pathlib import Path

import pytest

from civicvote.app import create_app
from tests.conftest import make_settings


@pytest.mark.parametrize(
    ("tiles", "pictures"),
    [
        ("", "img-src 'self' data:"),
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "img-src 'self' data: https://*.tiles.example.org"),
    ],
)
def test_pictures_come_from_the_site_and_the_tile_server_only(tmp_path: Path, tiles: str, pictures: str) -> None:
    settings = replace(make_settings(tmp_path, "sqlite://"), tile_url=tiles)
    policy = create_app(settings).test_client().get("/healthz").headers["Content-Security-Policy"].split("; ")
    assert pictures in policy
    assert [each for each in policy if "example" in each] == ([pictures] if tiles else [])
