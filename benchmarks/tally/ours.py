"""One count in a process of its own, to see the rule alone: prints JSON. ``FILE SATISFACTION COMPLETION``."""

import json
import sys
from time import process_time

from civicvote.domain.tally import equal_shares
from civicvote.domain.tally.pabulib.read import read_pabulib_file
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.kernel.voting import Completion, Satisfaction


def main(path: str, satisfaction: str, completion: str) -> None:
    """``increment`` is one unit of the file's money, which is what pabutools adds."""
    election = read_pabulib_file(path)
    loaded = process_time()
    parameters = CountingParameters(
        satisfaction=Satisfaction(satisfaction),
        completion=Completion(completion),
        increment=10**election.exponent,
    )
    result = equal_shares.count(election.profile, parameters)
    counted = process_time()
    print(
        json.dumps(
            {
                "loading": loaded,
                "rule": counted - loaded,
                "selected": sorted(result.selected),
                "runs": result.explanation.runs.number,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
