"""For whoever watches the service: alive, and ready to take requests."""

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify

from civicvote.db import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    return jsonify(status="alive")


@health.get("/readyz")
def readyz() -> Response:
    """200 when the database answers and is migrated; the error handler makes it 503 when it does not answer."""
    revision = db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    return jsonify(status="ready", schema=revision)
