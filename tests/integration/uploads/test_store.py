"""The store and the sweep, on a folder and on an S3 server of its own process on loopback."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.config import Settings
from civicvote.db import db
from civicvote.domain.uploads.errors import UploadNotYours
from civicvote.domain.uploads.models import Upload
from civicvote.domain.uploads.queries import own_upload
from civicvote.domain.uploads.services import attach, detach, keep_upload, sweep_orphans
from civicvote.domain.uploads.store import Store, new_name, thumbnail_of
from civicvote.domain.uploads.taking import remake
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.web import settings as web_settings
from civicvote.web.uploads import store as configured_store
from tests.factories.files import drawing, encoded, paper, photo, saved
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region

CREDENTIALS = {"key": "testing", "secret": "testing"}


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A server that speaks S3, on a port that the system chose."""
    command = [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            lines = iter(server.stdout.readline, "")
            yield next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        finally:
            server.terminate()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store((tmp_path / "uploads").as_uri())
    endpoint = request.getfixturevalue("s3_endpoint")
    bucket = f"uploads-{new_name()[:8]}"
    assert requests.put(f"{endpoint}/{bucket}", timeout=10).status_code == 200
    return Store(f"s3://{bucket}/files", {**CREDENTIALS, "client_kwargs": {"endpoint_url": endpoint}})


@pytest.fixture
def actor(session: Session) -> Actor:
    return actor_for(make_person())


@pytest.fixture
def region_id(session: Session) -> int:
    return make_region().id


def names(store: Store) -> set[str]:
    return set(store.names_before(clock.now() + timedelta(days=3)))


def kept(actor: Actor, region_id: int, store: Store) -> Upload:
    return keep_upload(actor=actor, region_id=region_id, file=remake(photo(), name="a.jpg"), store=store)


def test_what_is_put_is_read_until_it_is_removed(store: Store) -> None:
    name = new_name()
    assert names(store) == set()
    store.put(name, b"content")
    assert store.read(name) == b"content"
    assert names(store) == {name}
    assert set(store.names_before(clock.now() - timedelta(minutes=5))) == set()
    store.remove(name)
    store.remove(name)
    with pytest.raises(FileNotFoundError):
        store.read(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 31, "A" * 32, f"{'a' * 32}/b", f"{'a' * 32}-x"])
def test_a_store_knows_only_its_own_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Store(tmp_path.as_uri()).read(name)


def test_names_are_random_and_do_not_repeat() -> None:
    assert len({new_name() for _ in range(1000)}) == 1000
    assert all(re.fullmatch("[0-9a-f]{32}", new_name()) for _ in range(10))


def test_a_picture_and_its_thumbnail_are_kept_as_the_senders_own(store: Store, actor: Actor, region_id: int) -> None:
    upload = kept(actor, region_id, store)
    assert names(store) == {upload.name, thumbnail_of(upload.name)}
    assert own_upload(actor, region_id, upload.id) is upload
    assert upload.attached_at is None


def test_a_paper_has_no_thumbnail(store: Store, actor: Actor, region_id: int) -> None:
    file = remake(saved(paper()), name="a.pdf")
    upload = keep_upload(actor=actor, region_id=region_id, file=file, store=store)
    assert names(store) == {upload.name}
    assert (upload.width, upload.has_thumbnail, upload.size_bytes) == (None, False, len(file.content))


def test_the_sweep_spares_what_is_held_or_young_and_removes_the_rest(
    store: Store, actor: Actor, region_id: int
) -> None:
    held, forgotten, let_go = (kept(actor, region_id, store) for _ in range(3))
    attach(actor=actor, region_id=region_id, upload_ids=[held.id, let_go.id])
    detach(region_id=region_id, upload_ids=[let_go.id])
    lost = new_name()
    store.put(lost, b"its row was rolled back")
    stay = {held.name, thumbnail_of(held.name)}
    gone = {name for upload in (forgotten, let_go) for name in (upload.name, thumbnail_of(upload.name))}
    now = clock.now()
    with clock.frozen_at(now + timedelta(hours=23)):
        assert sweep_orphans(store=store).files == 0
    assert names(store) == stay | gone | {lost}
    with clock.frozen_at(now + timedelta(hours=25)):
        sweep_orphans(store=store)
        assert [row.id for row in db.session.query(Upload)] == [held.id]
        sweep_orphans(store=store)
    assert names(store) == stay
    assert store.read(held.name)


def test_a_row_never_outlives_its_file_when_the_sweep_is_rolled_back(
    store: Store, actor: Actor, region_id: int
) -> None:
    kept(actor, region_id, store)
    db.session.commit()
    with clock.frozen_at(clock.now() + timedelta(hours=25)):
        sweep_orphans(store=store)
    db.session.rollback()
    assert store.read(db.session.query(Upload).one().name)


def test_uploads_are_attached_once_and_by_their_sender_only(store: Store, actor: Actor, region_id: int) -> None:
    upload = kept(actor, region_id, store)
    stranger = actor_for(make_person())
    for who, where in ((stranger, region_id), (actor, make_region().id)):
        with pytest.raises(UploadNotYours):
            attach(actor=who, region_id=where, upload_ids=[upload.id])
    assert attach(actor=actor, region_id=region_id, upload_ids=[upload.id]) == [upload]
    with pytest.raises(UploadNotYours):
        attach(actor=actor, region_id=region_id, upload_ids=[upload.id])


def test_the_configured_store_is_the_one_of_the_settings(app: Flask, s3_endpoint: str, monkeypatch: Any) -> None:
    """As an operator sets it: an address, options as JSON, and credentials in AWS's own variables."""
    variables = {
        "CIVICVOTE_UPLOADS_URL": "s3://town/files",
        "CIVICVOTE_UPLOADS_OPTIONS": f'{{"client_kwargs": {{"endpoint_url": "{s3_endpoint}"}}}}',
    }
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    requests.put(f"{s3_endpoint}/town", timeout=10)
    read = Settings.from_environment({**os.environ, **variables})
    before = web_settings.settings()
    web_settings.store(app, replace(before, uploads_url=read.uploads_url, uploads_options=read.uploads_options))
    try:
        name = new_name()
        configured_store().put(name, encoded(drawing()))
        town = boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1")
        assert town.get_object(Bucket="town", Key=f"files/{name[:2]}/{name}")["Body"].read() == encoded(drawing())
        town.close()
    finally:
        web_settings.store(app, before)
    assert "testing" not in repr(configured_store())
