"""The heads of days, for everybody who wants to keep them."""

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.audit.blueprint import audit
from civicvote.domain.audit.heads import write_heads
from civicvote.domain.audit.queries import all_published_heads, published_heads
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@audit.get("/regions/<slug>/audit/heads")
def heads(slug: str) -> ResponseReturnValue:
    cursor = request.args.get("after")
    listed = published_heads(current_region().id, cursor=cursor)
    return render("audit/heads.html", fragment="audit/_heads.html", listed=listed, cursor=cursor)


@audit.get("/regions/<slug>/audit/heads/text")
def heads_text(slug: str) -> ResponseReturnValue:
    """One line a day, as ``civicvote audit verify --heads`` reads it."""
    text = "".join(write_heads(slug, all_published_heads(current_region().id)))
    response = Response(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename=audit-heads-{slug}.txt"
    return response


@audit.get("/regions/<slug>/audit/heads/json")
def heads_json(slug: str) -> ResponseReturnValue:
    published = all_published_heads(current_region().id)
    return jsonify(
        region=slug,
        heads=[
            {"day": head.day_on.isoformat(), "entries": head.sequence, "hash": head.entry_hash} for head in published
        ],
    )
