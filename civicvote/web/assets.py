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


def scripts(*names: str) -> str:
    """The address of scripts of ``static/js/`` as one file, so that a page asks once for all that it needs."""
    return asset(f"js/{'+'.join(sorted(names))}.js")


@lru_cache(maxsize=64)
def _joined(path: str) -> bytes | None:
    """The scripts that an address of ``scripts`` names, one after the other; each stands for itself. None for any other
    address: with every name once and in order, there are only so many of them."""
    names = path.removeprefix("js/").removesuffix(".js").split("+")
    known = {each.stem for each in (_STATIC / "js").glob("*.js")}
    if len(names) < 2 or f"js/{'+'.join(sorted(known.intersection(names)))}.js" != path:
        return None
    return b"\n".join((_STATIC / "js" / f"{name}.js").read_bytes() for name in names)


@lru_cache(maxsize=1)
def vendored() -> list[dict[str, str]]:
    """Name, version and licence of what others made and this site serves, as the manifest has them."""
    manifest = json.loads((_STATIC / "vendor" / "VENDOR.json").read_text("utf-8"))
    return [{key: package.get(key, "") for key in ("name", "version", "licence")} for package in manifest["packages"]]


@lru_cache(maxsize=64)
def _compressed(path: str, _version: str) -> bytes:
    return gzip.compress(_joined(path) or (_STATIC / path).read_bytes(), 9)


@assets.get("/assets/<version>/<path:path>")
def file(version: str, path: str) -> Response:
    if version != _version():
        abort(404)
    joined = _joined(path)
    if joined is None:
        response = send_from_directory(_STATIC, path, max_age=_YEAR)
    else:
        response = Response(joined, mimetype="text/javascript")
        response.cache_control.public, response.cache_control.max_age = True, _YEAR
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
    app.jinja_env.globals.update(asset=asset, scripts=scripts)
