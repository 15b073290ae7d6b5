"""One count as a whole process: what it answered, and what it took."""

import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

_PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """``seconds`` by the clock from start to end, ``cpu`` in user and system, ``mebibytes`` at the peak. ``answer`` is
    the JSON that it printed, None where it was stopped."""

    seconds: float
    cpu: float
    mebibytes: float
    answer: dict[str, Any] | None


def run(command: Sequence[str], cap: float) -> Run:
    """Stops the process after ``cap`` seconds. Raises ``RuntimeError`` where it fails on its own."""
    with tempfile.TemporaryFile() as output:
        started = perf_counter()
        process = subprocess.Popen(command, stdout=output, cwd=_PROJECT)
        stopper = threading.Timer(cap, process.kill)
        stopper.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        stopper.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"{' '.join(command)}: {process.returncode}")
        output.seek(0)
        answer = json.load(output) if process.returncode == 0 else None
    # Linux counts the peak in KiB.
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, answer)
