"""`boxwood person add`: the first sign-in of a new hub, and any later one."""

import click

from hub.commands.starting import with_hub


@click.group()
def person() -> None:
    """People who may sign in."""


@person.command()
@click.argument("email")
@click.option("--name", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--owner", is_flag=True, help="Holds every right on this installation.")
@with_hub
def add(email: str, *, name: str, password: str, owner: bool) -> None:
    """Let somebody sign in with EMAIL and a password."""
    from hub.accounts.services import add_person  # after Django started

    add_person(email=email, name=name, password=password, installation_owner=owner)
    click.echo(f"{name} signs in as {email}")
