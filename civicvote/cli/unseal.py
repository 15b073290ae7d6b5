"""``civicvote unseal``: opens a sealed box on a machine of the keyholders, without a database or a network."""

import hashlib
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from civicvote.domain.polls import freezing
from civicvote.domain.polls.box import ballots_signing, box_files, keyholder_files, sealing, shares
from civicvote.domain.polls.box.box_files import Box
from civicvote.domain.polls.errors import SealBroken
from civicvote.domain.polls.errors_sealing import BoxUnusable


@click.command("unseal")
@click.argument("box", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--share",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="A keyholder's file; once for each keyholder. The passphrase is asked for.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the ballots go, for nobody but you to read; without it to standard output.",
)
@click.option("--root", "expected", default="", help="The Merkle root on the vote's page; another box is refused.")
def unseal_command(box: Path, files: tuple[Path, ...], out: Path | None, expected: str) -> None:
    """Open the sealed BOX with enough keyholders' files and write the ballots, in an order that tells nothing.

    Of a trial ballot one line is printed: the code within and, for each file that was used, a proof that it opens. The
    root of the receipts and the hash of the rules are printed first: compare them with the vote's page. Whoever opens
    the same box gets the same file, byte for byte: compare its SHA-256. Exit status: 0 opened, 1 refused (nothing is
    written), 2 wrong use.
    """
    opened = _read(box)
    click.echo(f"receipts root {opened.head.receipts_root}", err=True)
    if opened.head.rules:
        click.echo(f"rules SHA-256 {freezing.digest(opened.head.rules)}", err=True)
    if expected and expected.strip().lower() != opened.head.receipts_root:
        _refuse(f"{box}: this is another box, its receipts have another root")
    found = _shares(opened, files)
    private_key = _join(opened, found)
    try:
        text = _open(opened, private_key, found)
    except SealBroken as error:
        _refuse(f"{box}: the envelope with the receipt {error.params['receipt']} holds no ballot of this vote", error)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text)
        click.echo(f"{out}: {len(opened.envelopes)} ballots", err=True)
    if opened.head.kind == box_files.BOX:
        click.echo(f"ballots SHA-256 {hashlib.sha256(text.encode()).hexdigest()}", err=True)


def _write(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            os.fchmod(handle, 0o600)
            file.write(text)
    except OSError as error:
        _refuse(f"{path}: {error.strerror}", error)


def _read(path: Path) -> Box:
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            return box_files.read_box(lines)
    except (BoxUnusable, UnicodeDecodeError) as error:
        _refuse(f"{path}: this is no sealed box, or a part of it is missing", error)


def _shares(box: Box, paths: tuple[Path, ...]) -> dict[int, str]:
    """Number of the keyholder to the share."""
    found = {}
    for path in paths:
        try:
            file = keyholder_files.read(path.read_bytes())
            sealed_share = bytes.fromhex(box.head.shares[file.number])
            if file.poll != box.head.poll:
                raise keyholder_files.NoKeyholderFile
            passphrase = click.prompt(f"{path}: passphrase", hide_input=sys.stdin.isatty(), err=True)
            found[file.number] = keyholder_files.open_share(file, passphrase=passphrase, sealed_share=sealed_share)
        except (keyholder_files.NoKeyholderFile, KeyError, ValueError) as error:
            _refuse(f"{path}: this is no keyholder's file of this vote", error)
        except keyholder_files.WrongPassphrase as error:
            _refuse(f"{path}: this passphrase does not open it", error)
    return found


def _join(box: Box, found: dict[int, str]) -> str:
    if len(found) < box.head.needed:
        _refuse(f"{box.head.needed} keyholders are needed, these are the files of {len(found)}")
    try:
        private_key = shares.join(list(found.values()), needed=box.head.needed)
    except shares.SharesDoNotFit as error:
        _refuse("the shares do not belong together", error)
    if ballots_signing.verify_key_for(private_key) != box.head.verify_key:
        _refuse("the shares are not those of this box's key")
    return private_key


def _open(box: Box, private_key: str, found: dict[int, str]) -> str:
    if box.head.kind == box_files.BOX:
        return box_files.open_box(box, private_key)
    proofs = [f"{number}-{keyholder_files.proof_of(share)}" for number, share in sorted(found.items())]
    try:
        return " ".join([box_files.open_trial(box, private_key), *proofs]) + "\n"
    except sealing.Unopenable as error:
        _refuse("the trial ballot does not open", error)


def _refuse(text: str, error: Exception | None = None) -> NoReturn:
    click.echo(text, err=True)
    raise click.exceptions.Exit(1) from error
