"""The blueprint that the views of this package hang on."""

from flask import Blueprint

polls = Blueprint("polls", __name__)
