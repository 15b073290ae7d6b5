"""Begin an account, get back into it, change its password and its address: always by a link to the mailbox.

Each asking does the same work and gives the same answer whether the address has an account or not; only the mailbox
learns which. Password hashes come in ready-made: hashing is slow, transactions are short.
"""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.addresses import masked_address, normal_address
from civicvote.domain.accounts.errors import LinkUnusable, SameAddress
from civicvote.domain.accounts.links import LinkPurpose
from civicvote.domain.accounts.models import Person
from civicvote.domain.accounts.services import usable_name
from civicvote.domain.accounts.services_links import mail_link, take_link, use_up_links_of
from civicvote.domain.accounts.services_sessions import end_sessions, renew_session
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.services import enqueue_mail
from civicvote.kernel import clock, ids


def ask_to_begin(*, display_name: str, email: str, password_hash: str, locale: str, next_path: str) -> int:
    """Somebody wants an account for this address: the account begins with the click in the mail. The link's id.

    The owner of an address that has an account is told so, with a link to a new password. Raises ``NameNotUsable``.
    """
    name, address = usable_name(display_name), normal_address(email)
    if owner := _owner(address):
        return _mail_way_in(owner, NotificationKind.ACCOUNT_EXISTS)
    return mail_link(
        purpose=LinkPurpose.SIGN_UP,
        email=address,
        locale=locale,
        kind=NotificationKind.SIGN_UP_LINK,
        payload={"name": name, "locale": locale, "password_hash": password_hash, "next": next_path},
        params={"name": name},
    )


def begin_account(*, link_id: int) -> Person:
    """The click: from now on the account exists. Raises ``LinkUnusable``."""
    link = take_link(purpose=LinkPurpose.SIGN_UP, link_id=link_id)
    person = Person(
        id=ids.new_id(),
        email=link.email,
        display_name=link.payload["name"],
        password_hash=link.payload["password_hash"],
        locale=link.payload["locale"],
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except sa.exc.IntegrityError:
        raise LinkUnusable from None  # the address came to another account meanwhile
    return person


def ask_for_reset(*, email: str, locale: str) -> None:
    """Somebody forgot the password of this address. Where nobody has an account, the mailbox is told that."""
    address = normal_address(email)
    if owner := _owner(address):
        _mail_way_in(owner, NotificationKind.RESET_LINK)
    else:
        enqueue_mail(
            address=address, locale=locale, kind=NotificationKind.NO_ACCOUNT, params={}, path="/account/sign-up"
        )


def reset_password(*, link_id: int, password_hash: str) -> Person:
    """Set the password by a link from a mail, and end every session. Raises ``LinkUnusable``."""
    link = take_link(purpose=LinkPurpose.RESET_PASSWORD, link_id=link_id)
    person = db.session.get_one(Person, link.person_id, with_for_update=True)
    if person.email != link.email:
        raise LinkUnusable  # the address moved on, or the account was closed
    _set_password(person, password_hash)
    end_sessions(person_id=person.id)
    return person


def change_password(*, person_id: int, password_hash: str, token: str) -> str:
    """Set the password, end every other session and renew this one; its new token."""
    _set_password(db.session.get_one(Person, person_id, with_for_update=True), password_hash)
    end_sessions(person_id=person_id, but=token)
    return renew_session(token=token)


def ask_to_move(*, person_id: int, email: str, locale: str) -> None:
    """The person wants another mail address: a link goes to the new one, a notice to the old one.

    Where the new one belongs to another account, its owner is told instead. Raises ``SameAddress``."""
    person, address = db.session.get_one(Person, person_id), normal_address(email)
    if address == person.email:
        raise SameAddress
    if owner := _owner(address):
        _mail_way_in(owner, NotificationKind.ACCOUNT_EXISTS)
    else:
        mail_link(
            purpose=LinkPurpose.CHANGE_MAIL,
            email=address,
            locale=locale,
            kind=NotificationKind.MAIL_CHANGE_LINK,
            person_id=person.id,
            params={"name": person.display_name},
        )
    _tell(person, NotificationKind.MAIL_CHANGE_ASKED, path="/me/account/password", new_address=masked_address(address))


def move(*, link_id: int) -> Person:
    """The click from the new address: the account has it from now on. Raises ``LinkUnusable``."""
    link = take_link(purpose=LinkPurpose.CHANGE_MAIL, link_id=link_id)
    person = db.session.get_one(Person, link.person_id, with_for_update=True)
    if person.closed_at is not None:
        raise LinkUnusable
    _tell(person, NotificationKind.MAIL_CHANGED, new_address=masked_address(link.email))
    try:
        with db.session.begin_nested():
            person.email = link.email
    except sa.exc.IntegrityError:
        raise LinkUnusable from None
    use_up_links_of(person.id)
    return person


def set_language(*, person_id: int, locale: str) -> None:
    """The language in which mails reach the person."""
    db.session.get_one(Person, person_id).locale = locale
    db.session.flush()


def _owner(address: str) -> Person | None:
    return db.session.scalars(sa.select(Person).where(Person.email == address)).first()


def _mail_way_in(owner: Person, kind: NotificationKind) -> int:
    """A link to a new password for the owner of an account."""
    assert owner.email is not None, "found by the address"
    return mail_link(
        purpose=LinkPurpose.RESET_PASSWORD,
        email=owner.email,
        locale=owner.locale,
        kind=kind,
        person_id=owner.id,
        params={"name": owner.display_name},
    )


def _set_password(person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    use_up_links_of(person.id)
    _tell(person, NotificationKind.PASSWORD_CHANGED, path="/account/reset")


def _tell(person: Person, kind: NotificationKind, *, path: str = "", **params: str) -> None:
    enqueue_mail(address=person.email, locale=person.locale, kind=kind, params=params, path=path)
