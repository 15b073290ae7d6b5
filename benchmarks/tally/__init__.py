"""How fast elections are counted, beside pabutools 1.2, which counts in an environment of its own."""
