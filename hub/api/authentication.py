"""Who sends a request: the holder of an API token."""

from typing import Any

from django.db.models import Model
from knox.crypto import hash_token
from knox.models import get_token_model
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from hub.core import clock

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. A token that ended, was revoked or never was gets the same answer."""

    def authenticate(self, request: Request) -> tuple[Any, Model] | None:
        """The person and the token; None where no token was sent. One query, and no write."""
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        digest = hash_token(secret.strip().decode("latin-1"))
        tokens = get_token_model().objects.select_related("user__principal")
        token = tokens.filter(digest=digest, expiry__gt=clock.now()).first()
        if token is None or not (token.user.is_active and token.user.principal.active):
            raise AuthenticationFailed("This token is unknown, has ended or was revoked")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """The value of `WWW-Authenticate` beside 401."""
        del request
        return f'{SCHEME} realm="Boxwood"'
