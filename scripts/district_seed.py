"""Make the seed of administrative districts from the Ministry's table of administrative dong codes.

    python scripts/district_seed.py haengjeongdong_20230501.csv

The table (행정안전부 행정동 코드, public data) has a row a district: code, province, city, dong, day of creation, day
of abolition. Written is ``civicvote/seed/districts.csv``: what stood on or after the day the platforms began, since no
round can speak of what was gone by then. Corrected once for what the table of May 2023 can't know:

* Gangwon became a special self-governing province on 11 June 2023 and got new codes (42… → 51…);
* Gunwi came to Daegu on 1 July 2023 (47720… → 27720…);
* Jeonbuk became a special self-governing province on 18 January 2024 (45… → 52…).

The districts under the old code end on that day, those under the new one begin. Later changes come with a newer table.
"""

import csv
import sys
from pathlib import Path

SEED = Path(__file__).resolve().parent.parent / "civicvote" / "seed" / "districts.csv"
#: The first platforms began in 2019.
SINCE = "20190101"
#: Prefix of the old code, prefix of the new one, day of the change.
RECODED = (("42", "51", "20230611"), ("47720", "27720", "20230701"), ("45", "52", "20240118"))
RENAMED = {"5100000000": "강원특별자치도", "5200000000": "전북특별자치도"}
#: Branch offices stand in the table as if they were districts.
OFFICE = "출장소"

Row = tuple[str, str, str, str]


def rows_of(path: Path) -> list[Row]:
    """(code, name, created, abolished) of each district that matters, days as YYYYMMDD or empty."""
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for code, province, city, dong, created, abolished in list(csv.reader(file))[1:]:
            name = dong or city or province
            if name.endswith(OFFICE) or (abolished and abolished <= SINCE):
                continue
            found.append((code, name, created, abolished))
    return found


def recoded(row: Row) -> list[Row]:
    """The row, or its two halves where its code changed while it stood."""
    code, name, created, abolished = row
    for old, new, day in RECODED:
        if code.startswith(old) and (not abolished or abolished > day):
            again = new + code[len(old) :]
            return [(code, name, created, day), (again, RENAMED.get(again, name), day, abolished)]
    return [row]


def main() -> None:
    rows = sorted(half for row in rows_of(Path(sys.argv[1])) for half in recoded(row))
    if len({row[0] for row in rows}) != len(rows):
        raise SystemExit("a code stands twice")
    with SEED.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("code", "name", "created", "abolished"))
        out.writerows(rows)
    print(f"{len(rows)} districts in {SEED}")


if __name__ == "__main__":
    main()
