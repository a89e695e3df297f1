"""What people keep of their searches."""

import uuid

from django.db import transaction

from hub.accounts.models import Principal
from hub.core import clock
from hub.core.errors import Invalid, NotFound
from hub.discovery.models import SavedSearch


@transaction.atomic
def save_search(*, actor: Principal, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; one of that name is replaced. Raises Invalid without a name."""
    name = name.strip()
    if not name or len(name) > 120:
        raise Invalid("Give the search a name of at most 120 characters", field="name")
    now = clock.now()
    saved, _ = SavedSearch.objects.update_or_create(
        principal=actor, name=name, defaults={"query": query[:1000], "saved_at": now, "seen_at": now}
    )
    return saved


@transaction.atomic
def remove_search(*, actor: Principal, search_id: uuid.UUID) -> None:
    """Forget a saved search. NotFound when it is not the actor's own."""
    if not SavedSearch.objects.filter(pk=search_id, principal=actor).delete()[0]:
        raise NotFound
