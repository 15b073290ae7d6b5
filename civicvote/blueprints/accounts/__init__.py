"""Accounts: signing up and in (``entering``), links from mails (``links``), the account, leaving, my page, follows."""

from civicvote.blueprints.accounts import account, entering, follows, leaving, links, pages
from civicvote.blueprints.accounts.blueprint import accounts

__all__ = ["account", "accounts", "entering", "follows", "leaving", "links", "pages"]
