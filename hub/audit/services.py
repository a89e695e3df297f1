"""Append to the audit trail."""

from typing import TYPE_CHECKING

from django.db import transaction

from hub.audit.models import AuditLine
from hub.core import clock

if TYPE_CHECKING:
    from hub.accounts.models import Principal


@transaction.atomic
def record(*, actor: "Principal | None", action: str, subject: str) -> None:
    """One line, in the caller's transaction: what is rolled back was not done."""
    AuditLine.objects.create(at=clock.now(), actor=actor, action=action, subject=subject[:1000])
