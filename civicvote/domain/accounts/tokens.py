"""Session tokens: 256 random bits, stored only as their SHA-256."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 of the token, hex; enough for a token that nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()
