"""What views read from a request, checked: who asks, which page, as of when."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from hub.core import clock
from hub.core.asker import Asker
from hub.core.errors import Invalid
from hub.web.pages import Pagination

M = TypeVar("M", bound=Model)
_LAST_PAGE = 10_000


def asker_of(request: HttpRequest) -> Asker:
    """Who asks, as the door's middleware resolved them."""
    asker: Asker = request.asker  # type: ignore[attr-defined]  # set by hub.access.middleware
    return asker


def page_in(request: HttpRequest) -> int:
    """The page number of a list, from 1; what is no number is the first page."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), _LAST_PAGE) if text.isascii() and text.isdigit() else 1


def as_of_in(request: HttpRequest) -> datetime | None:
    """The moment of `?at=2026-10-12` (its end, in UTC) or of a date and time. Raises Invalid."""
    text = request.GET.get("at", "")
    if not text:
        return None
    try:
        return clock.moment_in(text)
    except ValueError as error:
        raise Invalid("Write the date like 2026-10-12", field="at") from error


def paged(request: HttpRequest, rows: QuerySet[M], *, per_page: int) -> tuple[Sequence[M], Pagination | None]:
    """One page of the rows, and where it stands; None when all fit on one. 2 queries."""
    number = page_in(request)
    total = rows.count()
    first = (number - 1) * per_page
    shown = list(rows[first : first + per_page])
    if total <= per_page:
        return shown, None
    return shown, pagination(request, number=number, per_page=per_page, shown=len(shown), total=total)


def pagination(request: HttpRequest, *, number: int, per_page: int, shown: int, total: int) -> Pagination:
    """Links to the pages round this one, with the rest of the address as it is."""
    first = (number - 1) * per_page
    return Pagination(
        first=first + 1 if shown else 0,
        last=first + shown,
        total=total,
        previous_url=_page_url(request, number - 1) if number > 1 else "",
        next_url=_page_url(request, number + 1) if first + shown < total else "",
    )


def _page_url(request: HttpRequest, number: int) -> str:
    parameters = request.GET.copy()
    parameters["page"] = str(number)
    return f"{request.path}?{parameters.urlencode()}"
