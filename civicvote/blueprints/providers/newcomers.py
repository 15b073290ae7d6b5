"""An account for somebody who came from a provider, and the mail address they want for it."""

from dataclasses import replace

from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.providers import ProvidedIdentity
from civicvote.domain.accounts.services_entering import ask_to_move
from civicvote.domain.accounts.services_providers import sign_up_by_provider
from civicvote.kernel.personal_data import refuse_personal_numbers
from civicvote.web import throttle
from civicvote.web.i18n import current_locale
from civicvote.web.throttle import Limit


def begin_account(identity: ProvidedIdentity, *, name: str, email: str | None) -> int:
    """The new account's id. The address that the provider vouches for is the account's at once; another one must be
    confirmed by a link first, and whether it belongs to somebody only its mailbox learns."""
    refuse_personal_numbers(email, field="email")
    is_vouched = email is not None and normal_address(email) == identity.email
    if email and not is_vouched:
        throttle.spend(Limit.MAIL_FROM_NETWORK, throttle.client_network())
        throttle.spend(Limit.MAIL_TO_ADDRESS, normal_address(email))
    known = identity if is_vouched else replace(identity, email=None)
    person = sign_up_by_provider(identity=known, display_name=name, locale=current_locale())
    if email and not is_vouched:
        ask_to_move(person_id=person.id, email=email, locale=current_locale())
    return person.id
