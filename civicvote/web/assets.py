"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

_STATIC = Path(__file__).parents[1] / "static"
_COMPRESSIBLE = {".css", ".js", ".svg", ".json"}
_YEAR = 365 * 24 * 3600

assets = Blueprint("assets", __name__)


@lru_cache(maxsize=1)
def _version() -> str:
    """One hash over all static files: relative addresses inside stylesheets stay valid below it."""
    digest = hashlib.sha256()
    for path in sorted(_STATIC.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(_STATIC)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a file below ``static/``; the same in every language."""
    return f"/assets/{_version()}/{path}"


@lru_cache(maxsize=1)
def vendored() -> list[dict[str, str]]:
    """Name, version and licence of what others made and this site serves, as the manifest has them."""
    manifest = json.loads((_STATIC / "vendor" / "VENDOR.json").read_text("utf-8"))
    return [{key: package.get(key, "") for key in ("name", "version", "licence")} for package in manifest["packages"]]


@lru_cache(maxsize=64)
def _compressed(path: str, _version: str) -> bytes:
    return gzip.compress((_STATIC / path).read_bytes(), 9)


@assets.get("/assets/<version>/<path:path>")
def file(version: str, path: str) -> Response:
    if version != _version():
        abort(404)
    response = send_from_directory(_STATIC, path, max_age=_YEAR)
    response.cache_control.immutable = True
    if Path(path).suffix in _COMPRESSIBLE:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] and request.range is None:
            response.direct_passthrough = False
            response.close()  # the file that set_data replaces
            response.set_data(_compressed(path, version))
            response.content_encoding = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(assets)
    app.jinja_env.globals["asset"] = asset
