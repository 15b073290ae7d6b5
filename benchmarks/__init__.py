"""Load and growth measurements: ``python -m benchmarks`` writes ``benchmarks/RESULTS.md``.

Only ratios inside one run count. Every operation is measured beside a yardstick (``yardsticks.py``) that runs under
the same server, on the same database, under the same load generator, in turn with it.
"""
