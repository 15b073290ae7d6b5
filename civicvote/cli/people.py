"""``civicvote grant-role`` gives a region its first administrator; ``reset-second-factor`` is the last resort."""

import click
from flask.cli import with_appcontext

from civicvote.db import unit_of_work
from civicvote.domain.accounts.errors import RoleAlreadyHeld, UnknownAccount
from civicvote.domain.accounts.services import appoint
from civicvote.domain.accounts.services_second_factor import reset_second_factors
from civicvote.domain.regions.queries import UnknownRegion, region_scope
from civicvote.kernel.permissions import Role


@click.command("grant-role")
@click.argument("email")
@click.argument("region")
@click.argument("role", type=click.Choice([role.value for role in Role]), default=Role.ADMINISTRATOR.value)
@with_appcontext
def grant_role_command(email: str, region: str, role: str) -> None:
    """Give the account with EMAIL a ROLE (administrator) in the REGION of this address part, for example gwangju."""
    try:
        with unit_of_work():
            appoint(region_id=region_scope(region).id, email=email, role=Role(role))
    except UnknownRegion as error:
        raise click.ClickException(f"there is no region {region!r}") from error
    except UnknownAccount as error:
        raise click.ClickException(f"nobody has signed up with {email!r}") from error
    except RoleAlreadyHeld as error:
        raise click.ClickException(f"{email} is {role} of {region} already") from error
    click.echo(f"{email} is {role} of {region}")


@click.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor_command(email: str) -> None:
    """Remove all second factors of the account with EMAIL, for somebody who lost phone, key and recovery codes.

    Make sure first who is asking: at a desk, with an identity card, never by phone."""
    try:
        with unit_of_work():
            reset_second_factors(email=email)
    except UnknownAccount as error:
        raise click.ClickException(f"nobody has signed up with {email!r}") from error
    click.echo(f"{email} has no second factor any more")
