"""The blueprints, one an area of the site; they know the domain and ``web``, never each other."""

from flask import Flask

from civicvote.blueprints.health.routes import health

BLUEPRINTS = (health,)


def register_blueprints(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
