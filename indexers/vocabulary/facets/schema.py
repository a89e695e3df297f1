"""The columns of a dataset."""

from dataclasses import dataclass

from indexers.vocabulary.facets.base import Facet, facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`type` in the words of the platform; `field_id` where the format has stable ids."""

    name: str
    type: str
    nullable: bool = True
    description: str = ""
    field_id: int | None = None


@facet("schema", version=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class Schema(Facet):
    """Columns in the order of the dataset."""

    columns: tuple[Column, ...]
    partition_columns: tuple[str, ...] = ()
