"""API tokens over the API."""

from typing import Any, cast
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from hub.accounts import queries, services
from hub.accounts.models import User
from hub.accounts.policies import TokenThrottle
from hub.api.endpoint import Endpoint
from hub.api.pagination import PageInput, PageOutput, page_of
from hub.api.schema import described
from hub.core.errors import NotPermitted


class TokenInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, help_text="Where you will use it.")
    days = serializers.IntegerField(
        min_value=1, max_value=services.MAX_TOKEN_DAYS, default=90, help_text="How long it lasts."
    )


class TokenOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField(source="expiry")


class TokensOutput(PageOutput):
    items = TokenOutput(many=True)


class NewTokenOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    token = serializers.CharField(help_text="Shown this once: only its digest is kept.")


class Tokens(Endpoint):
    """What your programs sign in with."""

    def get_throttles(self) -> list[BaseThrottle]:
        """Only making tokens is slowed down."""
        return [TokenThrottle()] if self.request.method == "POST" else []

    @described(
        "list_tokens", "Your API tokens", takes=[PageInput], answers={200: TokensOutput}, problems=[422]
    )
    def get(self, http: Request) -> Response:
        """Newest first; those that ended are listed until you revoke them."""
        given = self.parse(PageInput, http.query_params)
        return Response(TokensOutput(page_of(http, queries.tokens(_user(http)), **given)).data)

    @described(
        "create_token",
        "Make an API token",
        body=TokenInput,
        answers={201: NewTokenOutput},
        problems=[403, 409, 422, 429],
    )
    def post(self, http: Request) -> Response:
        """For who is signed in with a session: a token makes no other token."""
        if http.auth is not None:
            raise NotPermitted("A token cannot make another one. Sign in on the pages and make it there.")
        given = self.parse(TokenInput, http.data)
        token_id, secret = services.create_token(actor=_user(http), **given)
        return Response(NewTokenOutput({"id": token_id, "token": secret}).data, status=201)


class OneToken(Endpoint):
    """One of your tokens."""

    @described("revoke_token", "Revoke an API token", answers={204: None}, problems=[403, 404])
    def delete(self, http: Request, token_id: UUID) -> Response:
        """It ends at once, also when it is the one that sends this request."""
        services.revoke_token(actor=_user(http), token_id=token_id)
        return Response(status=204)


def _user(http: Request) -> User:
    return cast("User", http.user)
