"""Opinion questions: pages for everybody, answering, and what facilitators do."""

from civicvote.blueprints.opinions import answering, managing, pages, statements
from civicvote.blueprints.opinions.blueprint import opinions

__all__ = ["answering", "managing", "opinions", "pages", "statements"]
