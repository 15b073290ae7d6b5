"""Who votes, in which electorate, and how turnout is told."""
