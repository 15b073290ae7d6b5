"""The blueprint that the views of this package hang on."""

from flask import Blueprint

verification = Blueprint("verification", __name__)
