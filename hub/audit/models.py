"""The audit trail."""

import uuid

from django.db import models


class AuditLine(models.Model):
    """Somebody did something to something. Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey("accounts.Principal", null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
