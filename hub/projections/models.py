"""Where each projection stands in the change log."""

from django.db import models


class Cursor(models.Model):
    """`sequence` of the last generation that the projection applied whole."""

    projection = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    rebuild_requested = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.projection} at {self.sequence}"
