"""Accounts: signing up and in (``entering``), links from mails (``links``), the account itself, leaving, my page."""

from civicvote.blueprints.accounts import account, entering, leaving, links, pages
from civicvote.blueprints.accounts.blueprint import accounts

__all__ = ["account", "accounts", "entering", "leaving", "links", "pages"]
