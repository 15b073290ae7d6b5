"""The blueprint that the views of this package hang on."""

from flask import Blueprint

allocations = Blueprint("allocations", __name__)
