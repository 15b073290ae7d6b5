"""``gunicorn --preload wsgi:app``: the application as ``civicvote serve`` serves it."""

from civicvote.app import create_app

app = create_app()
