"""The blueprint that the views of this package hang on."""

from flask import Blueprint

proposals = Blueprint("proposals", __name__)
