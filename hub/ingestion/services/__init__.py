"""Sources are added and scheduled, crawls requested, claimed and carried out."""

from hub.ingestion.services.crawl import crawl
from hub.ingestion.services.runs import (
    LeaseLost,
    claim,
    claim_next,
    confirm_removal,
    queue_due,
    request_cancel,
    request_crawl,
)
from hub.ingestion.services.sources import Checked, add_source, check_source, reschedule_source

__all__ = [
    "Checked",
    "LeaseLost",
    "add_source",
    "check_source",
    "claim",
    "claim_next",
    "confirm_removal",
    "crawl",
    "queue_due",
    "request_cancel",
    "request_crawl",
    "reschedule_source",
]
