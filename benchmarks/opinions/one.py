"""One measurement in a process of its own, so that peak memory is that of this map: prints JSON."""

import json
import resource
import sys
from dataclasses import asdict
from time import perf_counter, process_time

from benchmarks.opinions.crowds import conversation
from civicvote.domain.opinions.opinion_map import compute_map


def peak_mebibytes() -> float:
    """What this process held at most so far (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(people: int, statements: int, density: float) -> dict[str, object]:
    """Seconds of the map without and with the gate, and memory before and at its peak."""
    matrix = conversation(people, statements, density)
    before = peak_mebibytes()
    start, cpu = perf_counter(), process_time()
    found = compute_map(matrix)
    mapped = perf_counter()
    verdict = found.judged()
    judged = perf_counter()
    return {
        "votes": int(matrix.cast.sum()),
        "map_seconds": mapped - start,
        "whole_seconds": judged - start,
        "cpu_seconds": process_time() - cpu,
        "peak_mebibytes": peak_mebibytes(),
        "before_mebibytes": before,
        "groups": found.grouping.k if found.grouping else 0,
        "verdict": asdict(verdict),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
