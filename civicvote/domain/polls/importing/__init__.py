"""Elections of other places, read for the tables here."""
