"""Security headers for every answer. No inline script or style, nothing from other hosts but the tiles of a map."""

from functools import cache

from flask import Flask, Response

from civicvote.web.settings import settings


@cache
def _content_security_policy(tile_source: str) -> str:
    """Pictures may come from one other host: that of the maps' tiles, where the site has one."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {tile_source}".rstrip(),
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _protect(response: Response) -> Response:
    headers = response.headers
    policy = _content_security_policy(settings().tile_source)
    headers.setdefault("Content-Security-Policy", policy)  # uploads bring a stricter one
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
    if settings().is_production:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in headers or (response.mimetype == "text/html" and "ETag" not in headers):
        response.cache_control.no_store = True  # all but files, and answers to everybody that can be asked for again
    return response


def init_app(app: Flask) -> None:
    app.after_request(_protect)
