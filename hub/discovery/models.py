"""What people keep of their searches."""

import uuid
from typing import ClassVar

from django.db import models


class SavedSearch(models.Model):
    """A search somebody saved: the query string of the page, run again with their rights of the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.ForeignKey(
        "accounts.Principal", on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["principal", "name"], name="one_saved_search_a_name")
        ]

    def __str__(self) -> str:
        return self.name
