"""How alike two proposals are."""
