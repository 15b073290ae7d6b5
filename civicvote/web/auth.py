"""Who is asking: Flask-Login around an opaque session token; the domain only ever sees an ``Actor``."""

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from civicvote.domain.accounts.queries import actor_of_session
from civicvote.domain.accounts.services import end_session as end_stored_session
from civicvote.domain.accounts.services import open_session
from civicvote.kernel.actor import Actor
from civicvote.web.device_words import device_words
from civicvote.web.known_devices import remember_device

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


def stay_unknown() -> None:
    """Answer this request without looking up who asks."""
    g.actor = None


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


def sign_in(person_id: int) -> None:
    """Open a session for the person on this device and remember the device; a session that was open here ends."""
    if before := session_token():
        end_stored_session(token=before)
    words = device_words(request.user_agent.string)
    begin_session(open_session(person_id=person_id, device=words))
    remember_device(person_id)


def end_session() -> None:
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    _login.session_protection = None
    # Its context processor would look the reader up again for the page that says that the database is away.
    _login.init_app(app, add_context_processor=False)
    app.context_processor(lambda: {"current_actor": current_actor()})
