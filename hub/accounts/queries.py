"""Reads of accounts: what somebody signs in with."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet

from hub.accounts.models import ApiToken, Principal, Space, User
from hub.core.errors import Invalid


def tokens(user: User) -> QuerySet[ApiToken]:
    """The API tokens of somebody, newest first; those that ended stay until they are revoked."""
    return ApiToken.objects.filter(user=user).order_by("-created", "pk")


def spaces_of(principal: Principal) -> list[Space]:
    """The spaces that somebody belongs to, by name."""
    return list(Space.objects.filter(memberships__principal=principal).order_by("name"))


def spaces_for(user: User) -> list[Space]:
    """The spaces that somebody may put things in: their own, all for an owner of the installation."""
    return list(Space.objects.order_by("name")) if user.installation_owner else spaces_of(user.principal)


def space_named(spaces: Iterable[Space], slug: str) -> Space | None:
    """The one of the spaces with this slug; None for an empty slug. Raises Invalid for another's."""
    if not slug:
        return None
    found = next((space for space in spaces if space.slug == slug), None)
    if found is None:
        raise Invalid("Choose a team that you belong to", field="team")
    return found


def demo_people() -> QuerySet[User]:
    """The people of the sample organisation whom anybody may be; nobody in a hub of one's own."""
    people = User.objects.filter(is_active=True, email__in=settings.DEMO)
    return people.select_related("principal").order_by("pk")
