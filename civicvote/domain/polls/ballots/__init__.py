"""What a ballot may hold, and what is on it."""
