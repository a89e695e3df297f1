"""People and spaces are added, API tokens made and revoked."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from knox.models import get_digest_token

from hub.accounts.models import ApiToken, Discoverability, Membership, Principal, Space, User
from hub.audit.services import record
from hub.core import clock
from hub.core.errors import Conflict, Invalid, NotFound

MAX_TOKENS = 50
MAX_TOKEN_DAYS = 365


@transaction.atomic
def add_space(
    *,
    name: str,
    slug: str = "",
    discoverability: str = Discoverability.REQUESTABLE,
    actor: Principal | None = None,
) -> Space:
    """Make a team's space. The slug, part of addresses, is made from the name unless it is given.

    Raises Invalid; Conflict when the slug is taken.
    """
    name, slug = name.strip(), slug or slugify(name)
    if not name or len(name) > 120:
        raise Invalid("Give the team a name of at most 120 characters", field="name")
    if slug != slugify(slug) or not 0 < len(slug) <= 60:
        raise Invalid("Use at most 60 lower-case letters, digits, '-' or '_'", field="slug")
    if discoverability not in Discoverability.values:
        raise Invalid(f"Choose one of {', '.join(Discoverability.values)}", field="discoverability")
    if Space.objects.filter(slug=slug).exists():
        raise Conflict(f"There is a team {slug} already", code="space_exists")
    space = Space.objects.create(slug=slug, name=name, discoverability=discoverability)
    record(actor=actor, action="space.added", subject=slug)
    return space


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    password: str | None,
    spaces: Iterable[Space] = (),
    installation_owner: bool = False,
    job: str = "",
    actor: Principal | None = None,
) -> User:
    """Let somebody sign in, as a member of the spaces. Without a password (None) no password opens the door.

    Raises Invalid; Conflict when the address is known, whatever its case.
    """
    email, name = email.strip(), name.strip()
    if not name or len(name) > 120:
        raise Invalid("Give the person a name of at most 120 characters", field="name")
    if len(job) > 60:
        raise Invalid("Describe the job in at most 60 characters", field="job")
    _check_email(email)
    if User.objects.filter(email__iexact=email).exists():
        raise Conflict(f"Somebody signs in as {email} already", code="person_exists")
    user = User(email=email, job=job, installation_owner=installation_owner)
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    user.principal = Principal.objects.create(name=name)
    user.save()
    Membership.objects.bulk_create(Membership(principal=user.principal, space=space) for space in spaces)
    record(actor=actor, action="person.added", subject=email)
    return user


@transaction.atomic
def create_token(*, actor: User, name: str, days: int = 90) -> tuple[uuid.UUID, str]:
    """Make an API token of the actor's that ends after so many days (1-365); returns its id and secret.

    The secret is nowhere else: only its digest is kept. Raises Invalid; Conflict when the actor has a
    token of that name, or `MAX_TOKENS` of them.
    """
    name = name.strip()
    if not name or len(name) > 80:
        raise Invalid("Give the token a name of at most 80 characters", field="name")
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise Invalid(f"A token lasts 1 to {MAX_TOKEN_DAYS} days", field="days")
    held = list(ApiToken.objects.filter(user=actor).values_list("name", flat=True))
    if name in held:
        raise Conflict(f"You have a token {name} already; revoke it first", code="token_exists")
    if len(held) >= MAX_TOKENS:
        raise Conflict(f"You have {MAX_TOKENS} tokens; revoke one first", code="too_many_tokens")
    digest, secret = get_digest_token()
    token = ApiToken.objects.create(
        user=actor,
        name=name,
        digest=digest,
        created=clock.now(),
        expiry=clock.now() + timedelta(days=days),
    )
    record(actor=actor.principal, action="token.created", subject=name)
    return token.pk, secret


@transaction.atomic
def revoke_token(*, actor: User, token_id: uuid.UUID) -> None:
    """End one of the actor's tokens at once. NotFound when it is not theirs."""
    token = ApiToken.objects.filter(pk=token_id, user=actor).first()
    if token is None:
        raise NotFound
    token.delete()
    record(actor=actor.principal, action="token.revoked", subject=token.name)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(f"{email} is no e-mail address", field="email") from error
    if len(email) > 254:
        raise Invalid("Use an e-mail address of at most 254 characters", field="email")


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
