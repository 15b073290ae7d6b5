"""The ``civicvote`` command, also as ``python -m civicvote``.

What needs no application starts without one: whoever counts a file, or a vote again, waits for no web framework, and
needs no configuration.
"""

import os
import sys
from importlib import import_module

_WITHOUT_APPLICATION = {
    "count": ("civicvote.cli.count", "count_command"),
    "recount": ("civicvote.cli.recount", "recount_command"),
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in _WITHOUT_APPLICATION:
        # NumPy's library for matrices, of which a count has none, would start threads that wait by going round.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        module, command = _WITHOUT_APPLICATION[name]
        getattr(import_module(module), command)(args=sys.argv[2:], prog_name=f"civicvote {name}")
    else:
        import_module("civicvote.app").main()


if __name__ == "__main__":
    main()
