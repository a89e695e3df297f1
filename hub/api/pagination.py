"""Pages of lists: `page` counts from 1, `per_page` is 1-200."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

MAX_PER_PAGE = 200
MAX_PAGE = 100_000
T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some of `total` items, all of which the asker may see. `next` and `previous` are empty at the ends."""

    items: Sequence[T]
    page: int
    per_page: int
    total: int
    next: str
    previous: str


class PageInput(serializers.Serializer[Any]):
    """What every list takes."""

    page = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, default=1, help_text="Counts from 1.")
    per_page = serializers.IntegerField(min_value=1, max_value=MAX_PER_PAGE, default=50)


class PageOutput(serializers.Serializer[Any]):
    """What every list answers beside its `items`."""

    page = serializers.IntegerField()
    per_page = serializers.IntegerField()
    total = serializers.IntegerField(help_text="Of what you may see.")
    next = serializers.CharField(help_text="Address of the next page, empty at the end.")
    previous = serializers.CharField(help_text="Address of the page before, empty at the start.")


def page_of(http: Request, rows: QuerySet[M], *, page: int, per_page: int) -> Page[M]:
    """One page of rows in their order, which must be total. 2 queries, 1 where the page is the last."""
    first = (page - 1) * per_page
    items = list(rows[first : first + per_page])
    last = len(items) < per_page and (items or page == 1)
    total = first + len(items) if last else rows.count()
    return page_with(http, items, page=page, per_page=per_page, total=total)


def page_with(http: Request, items: Sequence[T], *, page: int, per_page: int, total: int) -> Page[T]:
    """A page whose items are already there."""
    return Page(
        items=items,
        page=page,
        per_page=per_page,
        total=total,
        next=_address(http, page + 1) if page * per_page < total else "",
        previous=_address(http, page - 1) if page > 1 else "",
    )


def _address(http: Request, page: int) -> str:
    parameters = http.query_params.copy()
    parameters["page"] = str(page)
    return f"{http.path}?{parameters.urlencode()}"
