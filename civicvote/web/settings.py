"""The settings of the running application."""

from flask import Flask, current_app

from civicvote.config import Settings

_EXTENSION = "civicvote"


def store(app: Flask, settings: Settings) -> None:
    app.extensions[_EXTENSION] = settings


def settings() -> Settings:
    found: Settings = current_app.extensions[_EXTENSION]
    return found
