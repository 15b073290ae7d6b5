"""The sealed box: keys, shares, sealed ballots, receipts and the files of an unsealing."""
