"""The start page: what is near whoever asks."""

from typing import Final

from django.conf import settings
from django.http import QueryDict

from hub.accounts.models import User
from hub.catalogue import queries as catalogue
from hub.catalogue.pages import url_of
from hub.core.asker import Asker
from hub.discovery.pages import saved_link
from hub.discovery.queries import recent_changes, saved_searches
from hub.web.kinds import words_of
from hub.web.pages import Action, Empty, HomePage, Link, TourTask, WorkRow

_KINDS: Final = ("notebook", "dataset", "repository", "file", "model", "environment")


def home_page(asker: Asker, user: User) -> HomePage:
    """Numbers of the catalogue, what changed lately, saved searches. At most 8 queries."""
    counts = catalogue.counts_by_kind(asker)
    return HomePage(
        greeting=f"Hello {user.principal.name.split()[0]}, what are you looking for?",
        examples=[],
        kinds=[
            Link(
                label=words_of(kind).many if counts[kind] != 1 else words_of(kind).one,
                url=f"/search?kind={kind}",
                icon=words_of(kind).icon,
                count=counts[kind],
            )
            for kind in _KINDS
            if counts.get(kind)
        ],
        tour=_TOUR if settings.DEMO and counts else (),
        changed=[
            WorkRow(
                verb="",
                subject=one.entity.name,
                url=url_of(one.entity),
                why=f"{one.author} in {one.entity.parent.name}" if one.entity.parent else one.author,
                icon=words_of(one.entity.kind).icon,
                moment=one.moment,
            )
            for one in recent_changes(asker)
        ],
        saved=[saved_link(one) for one in saved_searches(user.principal)[:12]],
        empty=None if counts else _EMPTY,
    )


def name_of(query: str) -> str:
    """What a saved search is called: its words, else its filters."""
    parameters = QueryDict(query)
    words = parameters.get("q", "").strip()
    filters = ", ".join(str(value) for name, value in parameters.items() if name != "page")
    return (words or filters or "Everything")[:120]


_TOUR: Final = (
    TourTask(
        title="Has somebody studied rain?",
        text="Search for “rain”: the plot itself stands in the result, with who made it and when. "
        "The outputs of another team are withheld, with the reason.",
        url="/search?q=rain",
    ),
    TourTask(
        title="Where do rides come from?",
        text="Open the table station_hourly, then the notebook that writes it, at the cell that does.",
        url="/tables/lake/mart/station_hourly",
    ),
)
"""What a newcomer tries first in the sample organisation."""

_EMPTY: Final = Empty(
    title="Nothing is in the catalogue yet",
    text="Add a Git repository or a folder, and what is in it can be found here.",
    actions=[Action(label="Add a source", url="/settings/sources/add", primary=True, icon="plus")],
)
