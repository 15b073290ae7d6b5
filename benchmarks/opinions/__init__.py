"""How long opinion maps take: ``python -m benchmarks.opinions``."""
