"""For whoever watches the service: alive, and ready to take requests."""

from flask import Blueprint, Response, jsonify

from civicvote.db import schema_revision

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    return jsonify(status="alive")


@health.get("/readyz")
def readyz() -> Response:
    """200 when the database answers and is migrated; the error handler makes it 503 when it does not answer."""
    return jsonify(status="ready", schema=schema_revision())
