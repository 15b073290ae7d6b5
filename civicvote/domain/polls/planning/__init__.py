"""What a poll is to be, before it is frozen."""
