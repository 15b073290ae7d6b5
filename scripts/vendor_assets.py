"""Refresh the front-end files that are committed with the code, so that installing needs no Node.

    python scripts/vendor_assets.py

Needs ``npm`` on the PATH. Every package is pinned here to an exact version; the script fetches it with ``npm pack``,
keeps the few files that pages need, writes them to ``NAME-VERSION/`` and records name, version, licence and the
SHA-256 of each file in ``VENDOR.json`` beside them. ``tests/unit/test_vendored_assets.py`` hashes them again.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "civicvote" / "static" / "vendor"
TESTS = ROOT / "tests" / "browser" / "vendor"
MANIFEST = "VENDOR.json"

KEPT_TOKENS = re.compile(
    r"--krds-color-light-(?:primary|secondary|gray|danger|information|warning|success|point|graphic)-\d+"
)
DECLARATION = re.compile(r"^\s*(--krds-[\w-]+):\s*([^;]+);", re.MULTILINE)

Change = Callable[[str], str]


def only_colour_tokens(css: str) -> str:
    """The light colour ramps of the KRDS token file; its other 900 declarations size its own components."""
    kept = [f"  {name}: {value};" for name, value in DECLARATION.findall(css) if KEPT_TOKENS.fullmatch(name)]
    if len(kept) != len({line.split(":")[0] for line in kept}):
        raise SystemExit("the KRDS tokens declare a colour twice")
    return "\n".join([":root {", *kept, "}", ""])


def without_blanks(css: str) -> str:
    """The same rules in fewer bytes: comments and blanks out, unicode ranges untouched."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};:,])\s*", r"\1", css)
    return css.replace(";}", "}").replace("}", "}\n").strip() + "\n"


@dataclass(frozen=True)
class Kept:
    """A file (or a glob) of the package, the folder and name it gets here, and what is changed on the way."""

    source: str
    target: str
    change: Change | None = None


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str
    home: Path
    files: tuple[Kept, ...]
    changes: str = ""

    @property
    def folder(self) -> Path:
        return self.home / f"{self.name}-{self.version}"


PACKAGES = (
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        SITE,
        (Kept("dist/htmx.min.js", "htmx.min.js"), Kept("LICENSE", "LICENSE")),
    ),
    Package(
        "krds-uiux",
        "1.1.0",
        "ISC",
        SITE,
        (
            Kept("resources/css/token/krds_tokens.css", "tokens.css", only_colour_tokens),
            Kept("resources/img/component/icon/ico_flag.svg", "ico_flag.svg"),
        ),
        changes="tokens.css holds the light colour ramps only",
    ),
    Package(
        "pretendard-gov",
        "1.3.9",
        "OFL-1.1",
        SITE,
        (
            Kept(
                "dist/web/variable/pretendardvariable-gov-dynamic-subset.css",
                "pretendard-gov.css",
                without_blanks,
            ),
            Kept("dist/web/variable/woff2-dynamic-subset/*.woff2", "woff2-dynamic-subset/"),
            Kept("dist/LICENSE.txt", "LICENSE.txt"),
        ),
        changes="pretendard-gov.css has its comments and blanks taken out",
    ),
    Package(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        SITE,
        (
            Kept("dist/leaflet.js", "leaflet.js"),
            Kept("dist/leaflet.css", "leaflet.css"),
            Kept("dist/images/marker-*.png", "images/"),
            Kept("dist/images/layers*.png", "images/"),
            Kept("LICENSE", "LICENSE"),
        ),
    ),
    Package(
        "axe-core",
        "4.14.0",
        "MPL-2.0",
        TESTS,
        (
            Kept("axe.min.js", "axe.min.js"),
            Kept("LICENSE", "LICENSE"),
            Kept("LICENSE-3RD-PARTY.txt", "LICENSE-3RD-PARTY.txt"),
        ),
    ),
)


def fetch(package: Package, into: Path) -> Path:
    """Download and unpack the package; returns the folder with its files."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = into / done.stdout.split()[-1]
    unpacked = into / f"{package.name}-unpacked"
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    return unpacked / "package"


def selected(package: Package, source: Path) -> Iterator[tuple[str, bytes]]:
    """Each kept file as (path below the package's folder, content). A pattern that matches nothing is an error."""
    for kept in package.files:
        paths = sorted(source.glob(kept.source))
        if not paths:
            raise SystemExit(f"{package.name} {package.version} has no {kept.source}")
        for path in paths:
            target = f"{kept.target}{path.name}" if kept.target.endswith("/") else kept.target
            if kept.change is None:
                yield target, path.read_bytes()
            else:
                yield target, kept.change(path.read_text("utf-8")).encode()


def refresh(package: Package, scratch: Path) -> dict[str, object]:
    """Write the package's files; returns its entry in the manifest."""
    source = fetch(package, scratch)
    for old in package.home.glob(f"{package.name}-*"):
        shutil.rmtree(old)
    hashes: dict[str, str] = {}
    for target, content in selected(package, source):
        path = package.folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        hashes[target] = hashlib.sha256(content).hexdigest()
    entry: dict[str, object] = {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "files": dict(sorted(hashes.items())),
    }
    if package.changes:
        entry["changes"] = package.changes
    return entry


def main() -> None:
    entries: dict[Path, list[dict[str, object]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            entries.setdefault(package.home, []).append(refresh(package, Path(scratch)))
    for home, packages in entries.items():
        text = json.dumps({"packages": packages}, indent=2, ensure_ascii=False) + "\n"
        (home / MANIFEST).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
