"""The blueprint that the views of this package hang on."""

from flask import Blueprint

audit = Blueprint("audit", __name__)
