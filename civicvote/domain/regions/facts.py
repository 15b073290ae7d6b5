"""The form of the facts file: regions with codes and figures, institutions with their regions, each with its source."""

import json
from dataclasses import dataclass
from typing import Any

from civicvote.domain.regions.kinds import FigureKind, InstitutionKind, RegionKind


class BadFacts(Exception):
    """The facts file contradicts itself; the text names the entry."""


@dataclass(frozen=True, slots=True)
class FigureFact:
    kind: FigureKind
    year: int
    value: int
    source: str


@dataclass(frozen=True, slots=True)
class RegionFact:
    """``code`` is the ten-digit administrative code, None for a country; ``parent`` the slug of the region above."""

    slug: str
    code: str | None
    parent: str | None
    kind: RegionKind
    name_ko: str
    name_en: str
    platform_since: int | None
    platform_source: str | None
    figures: tuple[FigureFact, ...]


@dataclass(frozen=True, slots=True)
class InstitutionFact:
    """``regions`` are the slugs of the platforms in which it takes part; the country's stands for all of them."""

    name_ko: str
    name_en: str | None
    kind: InstitutionKind
    regions: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    regions: tuple[RegionFact, ...]
    institutions: tuple[InstitutionFact, ...]


def read_facts(text: str) -> Facts:
    """The facts in a JSON text. A parent stands before its children. Raises ``BadFacts``."""
    document = json.loads(text)
    kinds = {name: InstitutionKind(kind) for name, kind in document["classification"].items()}
    facts = Facts(
        regions=tuple(_region(entry) for entry in document["regions"]),
        institutions=tuple(_institution(entry, kinds) for entry in document["institutions"]),
    )
    _check(facts)
    return facts


def _region(entry: dict[str, Any]) -> RegionFact:
    figures = tuple(
        FigureFact(FigureKind(figure["kind"]), figure["year"], figure["value"], figure["source"])
        for figure in entry["figures"]
    )
    return RegionFact(**{**entry, "kind": RegionKind(entry["kind"]), "figures": figures})


def _institution(entry: dict[str, Any], kinds: dict[str, InstitutionKind]) -> InstitutionFact:
    if entry["classification"] not in kinds:
        raise BadFacts(f"{entry['name_ko']}: unknown classification {entry['classification']!r}")
    return InstitutionFact(
        name_ko=entry["name_ko"],
        name_en=entry["name_en"],
        kind=kinds[entry["classification"]],
        regions=tuple(entry["regions"]),
        source=entry["source"],
    )


def _check(facts: Facts) -> None:
    known: set[str] = set()
    codes: set[str] = set()
    for region in facts.regions:
        if region.slug in known or (region.code and region.code in codes):
            raise BadFacts(f"{region.slug}: stands twice")
        if region.parent is not None and region.parent not in known:
            raise BadFacts(f"{region.slug}: its parent {region.parent!r} must stand before it")
        if region.code is not None and not (len(region.code) == 10 and region.code.isdigit()):
            raise BadFacts(f"{region.slug}: {region.code!r} is no administrative code of ten digits")
        if region.platform_since and not region.platform_source:
            raise BadFacts(f"{region.slug}: a platform without a source")
        if not all(figure.source for figure in region.figures):
            raise BadFacts(f"{region.slug}: a figure without a source")
        known.add(region.slug)
        codes.add(region.code or "")
    for institution in facts.institutions:
        if not institution.source or not institution.regions:
            raise BadFacts(f"{institution.name_ko}: no source or no region")
        if missing := set(institution.regions) - known:
            raise BadFacts(f"{institution.name_ko}: unknown regions {sorted(missing)}")
