"""Rehearsals: the site under what a vote may bring, with what must come of it. ``make rehearse`` runs all of them.

``crash``: workers, servers and the database die while ballots are cast. ``evening``: the load of a voting evening.
Each prints what happened, and its exit status says whether that was right.
"""
