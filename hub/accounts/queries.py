"""Reads of accounts: what somebody signs in with."""

from django.db.models import QuerySet

from hub.accounts.models import ApiToken, User


def tokens(user: User) -> QuerySet[ApiToken]:
    """The API tokens of somebody, newest first; those that ended stay until they are revoked."""
    return ApiToken.objects.filter(user=user).order_by("-created", "pk")
