"""The blueprint that the modules of this package hang their views on."""

from flask import Blueprint

voices = Blueprint("voices", __name__)
