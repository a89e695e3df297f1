"""How often somebody may try to get in."""

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from hub.core.digests import person_digest
from hub.core.errors import HubError

_WINDOW: Final = 15 * 60


class TooOften(HubError):
    """Too many attempts from one place, or at one account."""

    code = "throttled"
    status = 429


class TokenThrottle(SimpleRateThrottle):
    """Twenty new tokens an hour for each person."""

    rate = "20/hour"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """By person; nobody is turned away before this."""
        del view
        return f"tokens:{request.user.pk}" if request.user.is_authenticated else None


def count_sign_in(request: HttpRequest, email: str) -> None:
    """Count an attempt to sign in, before the password is looked at.

    Raises TooOften after 10 within a quarter of an hour at one account, or 100 from one address: many
    people may share an address behind a proxy.
    """
    for key, tries in ((_account(email), 10), (f"sign-in:{request.META.get('REMOTE_ADDR', '')}", 100)):
        cache.add(key, 0, _WINDOW)
        if cache.incr(key) > tries:
            raise TooOften("Too many attempts to sign in. Wait a quarter of an hour, then try again.")


def forget_sign_ins(email: str) -> None:
    """Somebody got in: what they mistyped before does not count any more."""
    cache.delete(_account(email))


def _account(email: str) -> str:
    return f"sign-in:{person_digest(email)}"
