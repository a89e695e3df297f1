"""Principals (people, groups, service accounts), the users who sign in, and the spaces of teams."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Principal(models.Model):
    """Whoever may hold a right: a person, a group of principals or a service account."""

    class Kind(models.TextChoices):
        PERSON = "person"
        GROUP = "group"
        SERVICE = "service"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Discoverability(models.TextChoices):
    """How much of a thing shows to people outside its team."""

    OPEN = "open"
    REQUESTABLE = "requestable"
    HIDDEN = "hidden"


class Space(models.Model):
    """A team's place: what the team owns lies in it, with the team's default discoverability."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    discoverability = models.CharField(
        max_length=12, choices=Discoverability, default=Discoverability.REQUESTABLE
    )
    members = models.ManyToManyField(Principal, through="Membership", related_name="spaces")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A principal belongs to a space. Roles decide more in the access app."""

    class Role(models.TextChoices):
        VIEWER = "viewer"
        MEMBER = "member"
        STEWARD = "steward"
        OWNER = "owner"

    principal = models.ForeignKey(Principal, on_delete=models.CASCADE, related_name="memberships")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["principal", "space"], name="one_membership_a_space")
        ]

    def __str__(self) -> str:
        return f"{self.principal} in {self.space} as {self.role}"


class Users(BaseUserManager["User"]):
    """Users by e-mail address, compared without case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. `installation_owner` holds every right on this installation's catalogue."""

    principal = models.OneToOneField(Principal, on_delete=models.PROTECT, related_name="user")
    email = models.EmailField(unique=True)
    job = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    installation_owner = models.BooleanField(default=False)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self) -> str:
        return self.principal.name


class ApiToken(models.Model):
    """What a program signs in with: knox makes and hashes it, and only the digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=128, unique=True)
    created = models.DateTimeField()
    expiry = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="one_token_a_name")]

    def __str__(self) -> str:
        return self.name
