"""Open polls with voters, for pages."""

from tests.integration.polls.conftest import key_folder, open_agenda, open_budget

__all__ = ["key_folder", "open_agenda", "open_budget"]
