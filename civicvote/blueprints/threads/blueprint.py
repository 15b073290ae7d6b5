"""The blueprints that the views of this package hang on."""

from flask import Blueprint

threads = Blueprint("threads", __name__, url_prefix="/regions/<slug>/threads/<id:thread_id>")
#: Addressed by the region's id, so that an answer needs no look at the regions first.
thread_news = Blueprint("thread_news", __name__, url_prefix="/threads/<id:region_id>/<id:thread_id>")
