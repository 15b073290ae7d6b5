"""Address converters."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from civicvote.kernel import ids


class PublicId(BaseConverter):
    """``<id:proposal_id>``: the number behind the short form that stands in addresses."""

    regex = "[0-9a-hjkmnp-tv-z]{1,13}"

    def to_python(self, value: str) -> int:
        try:
            return ids.decode(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: int) -> str:
        return ids.encode(value)


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = PublicId
    app.jinja_env.filters["public_id"] = ids.encode
