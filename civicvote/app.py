"""The application factory and the ``civicvote`` command."""

import os
import secrets
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.cli import FlaskGroup
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from civicvote.blueprints import register_blueprints
from civicvote.cli.commands import COMMANDS
from civicvote.config import Environment, Settings
from civicvote.db import db, engine_options
from civicvote.web import (
    access,
    assets,
    auth,
    background,
    bodies,
    converters,
    errors,
    filters,
    headers,
    htmx,
    i18n,
    logs,
    notices,
    openid,
    page_cache,
    scope,
    throttle,
    transaction,
)
from civicvote.web import settings as web_settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Without ``settings`` they are read from the environment."""
    settings = _with_kept_secrets(settings or Settings.from_environment(os.environ))
    app = Flask(__name__, static_folder=None, template_folder="templates")
    web_settings.store(app, settings)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-civicvote" if settings.is_production else "civicvote",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        TESTING=settings.environment is Environment.TEST,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if app.testing:
        app.jinja_env.undefined = StrictUndefined  # a misspelt name is empty on a page, and a failure in a test
    if settings.keeps_pages:
        page_cache.init_app(app, settings.public_url)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    logs.configure()
    db.init_app(app)
    Migrate(app, db, directory="migrations", render_as_batch=True, compare_type=True)

    logs.init_app(app)
    i18n.init_app(app)
    converters.init_app(app)
    auth.init_app(app)
    scope.init_app(app)
    throttle.init_app(app, settings.redis_url)
    bodies.watch_addresses(app)
    access.init_app(app)
    bodies.watch_forms(app)
    CSRFProtect(app)
    headers.init_app(app)
    htmx.init_app(app)
    filters.init_app(app)
    notices.init_app(app)
    assets.init_app(app)
    openid.init_app(app)
    errors.init_app(app)
    background.init_app(app)
    transaction.init_app(app)
    app.context_processor(lambda: {"site": settings})
    register_blueprints(app)
    return app


def _with_kept_secrets(settings: Settings) -> Settings:
    """Outside production secrets that were not given are made once and kept in the instance folder."""
    folder = settings.instance_path
    return replace(
        settings,
        secret_key=settings.secret_key or _kept_secret(folder / "secret_key"),
        identity_key=settings.identity_key or _kept_secret(folder / "identity_key"),
    )


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def main() -> None:
    """The ``civicvote`` entry point; ``civicvote db upgrade`` and its kin come from Flask-Migrate."""
    group = FlaskGroup(
        name="civicvote",
        create_app=create_app,
        add_default_commands=False,
        load_dotenv=False,
        help="Deliberation, voting and participatory budgeting.",
    )
    for command in COMMANDS:
        group.add_command(command)
    group()
