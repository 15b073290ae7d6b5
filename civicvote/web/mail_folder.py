"""A folder of .eml files in place of a mail server: where the demo and a developer read what would have been sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from civicvote.kernel import ids
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class StoredMail:
    id: int
    to: str
    subject: str
    sent_at: datetime
    text: str


def store(folder: Path, mail_id: int, message: EmailMessage) -> None:
    """Write the mail under its id; the same mail twice is one file, and no reader sees half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{ids.encode(mail_id)}.part"
    unfinished.write_bytes(message.as_bytes(policy=policy.SMTP))
    unfinished.replace(unfinished.with_suffix(".eml"))


def newest(folder: Path, *, cursor: str | None) -> Page[StoredMail]:
    """The mails in the folder, the newest first."""
    after = read_cursor(cursor, 1)
    known = sorted(_stored_ids(folder), reverse=True)
    wanted = [mail_id for mail_id in known if after is None or mail_id < after[0]][: PAGE_SIZE + 1]
    return page_of([_read(folder, mail_id) for mail_id in wanted], PAGE_SIZE, cursor=lambda mail: write_cursor(mail.id))


def _stored_ids(folder: Path) -> Iterator[int]:
    for path in folder.glob("*.eml"):
        try:
            yield ids.decode(path.stem)
        except ValueError:
            continue  # somebody else's file


def _read(folder: Path, mail_id: int) -> StoredMail:
    message = message_from_bytes((folder / f"{ids.encode(mail_id)}.eml").read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return StoredMail(
        id=mail_id,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content() if body else "",
    )
