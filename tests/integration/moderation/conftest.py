"""Races need an application whose threads have connections of their own."""

from tests.integration.people.conftest import app_with_connections

__all__ = ["app_with_connections"]
