"""The blueprint that the views of this package hang on."""

from flask import Blueprint

rounds = Blueprint("rounds", __name__)
