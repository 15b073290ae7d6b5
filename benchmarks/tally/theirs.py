"""One count by pabutools in a process and an environment of its own: prints JSON.

``FILE SATISFACTION COMPLETION USE``; ``USE`` is ``documented``, as the documentation counts a file, or ``grouped``:
equal ballots once (``as_multiprofile``), which is faster on large files.
"""

import json
import sys
from time import process_time

from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares

SATISFACTIONS = {"cost": Cost_Sat, "cardinality": Cardinality_Sat}
INCREMENTS = {"none": None, "add1": 1}


def main(path: str, satisfaction: str, completion: str, use: str) -> None:
    instance, profile = parse_pabulib(path)
    if use == "grouped":
        profile = profile.as_multiprofile()
    loaded = process_time()
    selected = method_of_equal_shares(
        instance,
        profile,
        sat_class=SATISFACTIONS[satisfaction],
        voter_budget_increment=INCREMENTS[completion],
    )
    counted = process_time()
    print(json.dumps({"loading": loaded, "rule": counted - loaded, "selected": sorted(map(str, selected))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
