"""Structured logs: one JSON line a request, with an id that the answer carries too. Never what people typed."""

import logging
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from civicvote.kernel import ids

log = structlog.get_logger("civicvote.request")


def configure() -> None:
    """Send structlog and the standard library's records to standard error as JSON lines."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,  # tests listen in by changing the configuration
    )


def _start() -> None:
    g.started = time.perf_counter()
    g.request_id = ids.encode(ids.new_id())
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint == "assets.file":
        return response
    fields: dict[str, Any] = {
        "method": request.method,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
    }
    log.info("request", **fields)
    return response


def init_app(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_finish)
