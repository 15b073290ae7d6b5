"""Proposals that come and go as tables: columns, rows, files."""
