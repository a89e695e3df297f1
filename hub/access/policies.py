"""Tokens of those who ask, and who may call which route."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from hub.accounts.models import Membership, User
from hub.core.asker import EVERYBODY, NOBODY, OWNER, Asker


def asker_for(user: User | AnonymousUser) -> Asker:
    """The asker that a signed-in user is right now: one query, never cached beyond a request."""
    if not isinstance(user, User) or not user.is_active or not user.principal.active:
        return NOBODY
    person = str(user.principal_id)
    spaces = Membership.objects.filter(principal=user.principal_id, principal__active=True)
    tokens = {EVERYBODY, f"person:{person}"}
    tokens |= {f"space:{space_id}" for space_id in spaces.values_list("space_id", flat=True)}
    if user.installation_owner:
        tokens.add(OWNER)
    return Asker(tokens=frozenset(tokens), name=user.email, person=person, memory={})


class Rule(StrEnum):
    """Who may call a route at all; what they find there is decided by the query behind it."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"


ROUTES: dict[str, Rule] = {
    "sign-in": Rule.PUBLIC,
    "sign-out": Rule.SIGNED_IN,
    "health-check": Rule.PUBLIC,
    "home": Rule.SIGNED_IN,
    "search": Rule.SIGNED_IN,
    "suggest": Rule.SIGNED_IN,
    "saved-search": Rule.SIGNED_IN,
    "saved-search-remove": Rule.SIGNED_IN,
    "permalink": Rule.SIGNED_IN,
    "repository": Rule.SIGNED_IN,
    "notebook": Rule.SIGNED_IN,
    "file": Rule.SIGNED_IN,
    "table": Rule.SIGNED_IN,
    "environment": Rule.SIGNED_IN,
    "appearance": Rule.PUBLIC,
    "content": Rule.SIGNED_IN,
    "sources": Rule.SIGNED_IN,
    "source-add": Rule.SIGNED_IN,
    "source-crawl": Rule.SIGNED_IN,
    "source-confirm": Rule.SIGNED_IN,
    "runs": Rule.SIGNED_IN,
    "run": Rule.SIGNED_IN,
    "run-progress": Rule.SIGNED_IN,
    "run-cancel": Rule.SIGNED_IN,
    "me": Rule.SIGNED_IN,
    "me-token-remove": Rule.SIGNED_IN,
    "demo-person": Rule.PUBLIC,
    "api-absent": Rule.SIGNED_IN,
    "api-schema": Rule.SIGNED_IN,
    "api-search": Rule.SIGNED_IN,
    "api-suggest": Rule.SIGNED_IN,
    "api-entities": Rule.SIGNED_IN,
    "api-entity": Rule.SIGNED_IN,
    "api-entity-versions": Rule.SIGNED_IN,
    "api-entity-edges": Rule.SIGNED_IN,
    "api-entity-changes": Rule.SIGNED_IN,
    "api-sources": Rule.SIGNED_IN,
    "api-source": Rule.SIGNED_IN,
    "api-source-crawl": Rule.SIGNED_IN,
    "api-runs": Rule.SIGNED_IN,
    "api-run": Rule.SIGNED_IN,
    "api-saved-searches": Rule.SIGNED_IN,
    "api-saved-search": Rule.SIGNED_IN,
    "api-tokens": Rule.SIGNED_IN,
    "api-token": Rule.SIGNED_IN,
}
"""Every named route. A route that is not here answers 404 and fails the tests."""
