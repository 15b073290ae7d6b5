"""Who is asking: Flask-Login around an opaque session token; the domain only ever sees an ``Actor``."""

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from civicvote.domain.accounts.queries import actor_of_session
from civicvote.kernel.actor import Actor

_login = LoginManager()


class SessionUser(UserMixin):
    """What Flask-Login keeps: the token in the signed cookie, the actor for this request."""

    def __init__(self, token: str, actor: Actor | None) -> None:
        self.id = token
        self.actor = actor


@_login.user_loader
def _load(token: str) -> SessionUser | None:
    actor = actor_of_session(token)
    return SessionUser(token, actor) if actor else None


def identify() -> None:
    """Load the actor of this request once. Runs inside a short read, before anything else touches the database."""
    g.actor = current_user.actor if current_user.is_authenticated else None


def current_actor() -> Actor | None:
    """The signed-in person, or None."""
    actor: Actor | None = g.get("actor")
    return actor


def signed_in_actor() -> Actor:
    """The person, on pages that the access table opens to signed-in people only."""
    actor = current_actor()
    assert actor is not None, "the access table lets nobody else in"
    return actor


def session_token() -> str | None:
    """The token of this browser's session, to end it."""
    return current_user.id if current_user.is_authenticated else None


def begin_session(token: str) -> None:
    """Sign this browser in with a fresh cookie; whatever the old one held is gone."""
    session.clear()
    login_user(SessionUser(token, None))


def end_session() -> None:
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    _login.session_protection = None
    _login.init_app(app)
    app.context_processor(lambda: {"current_actor": current_actor()})
