"""What a count came to: stored, explained, shown, reconciled."""
