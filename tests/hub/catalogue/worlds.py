"""Small worlds of facts, drawn by hypothesis, and ways to apply and compare them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import strategies as st

from hub.catalogue.models import Alias, Change, Edge, Entity, Facet, Version
from hub.catalogue.policies import open_at
from hub.catalogue.services import ScopeWrite, Written, writer_for
from indexers.facts import (
    EdgeFact,
    EntityFact,
    FacetFact,
    Outcome,
    Person,
    ScopeMode,
    VersionFact,
    named_dataset_urn,
    urn,
)
from indexers.vocabulary.facets import Documentation

Facts = list[EntityFact | FacetFact | EdgeFact | VersionFact]
TABLES = ("raw.trips", "raw.riders", "mart.hourly")


@dataclass(frozen=True)
class World:
    """Files of one repository, each with a text and the tables it reads."""

    files: dict[str, tuple[str, frozenset[str]]]


worlds = st.builds(
    World,
    st.dictionaries(
        st.sampled_from([f"f{number}.py" for number in range(6)]),
        st.tuples(st.sampled_from(["a", "b", "c"]), st.frozensets(st.sampled_from(TABLES))),
        min_size=1,
        max_size=6,
    ),
)


def facts_of(world: World, repository: str) -> Facts:
    """What a crawl of the world's repository says."""
    home = urn("repository", repository)
    facts: Facts = [EntityFact(urn=home, kind="repository", name=repository, platform="git")]
    for path, (text, tables) in sorted(world.files.items()):
        name = urn("file", repository, path)
        facts.append(EntityFact(urn=name, kind="file", name=path, parent=home, path=path))
        facts.append(FacetFact(urn=name, value=Documentation(text=text)))
        facts.append(
            VersionFact(
                urn=name,
                source_version=text,
                position=ord(text),
                source_time=datetime(2026, 1, 1, tzinfo=UTC),
                author=Person(name="Ines", email="ines@rondo.example"),
                subject="Change",
                path=path,
                content=text,
            )
        )
        for table in sorted(tables):
            target = named_dataset_urn(table)
            facts.append(EntityFact(urn=target, kind="dataset", name=table))
            facts.append(EdgeFact(source=name, relation="reads", target=target, evidence="parsed"))
    return facts


def lake_facts() -> Facts:
    """A lake that has every table the code may name."""
    return [
        EntityFact(
            urn=urn("dataset", "lake", name), kind="dataset", name=name, platform="delta", aliases=(name,)
        )
        for name in TABLES
    ]


def apply(
    facts: Facts,
    source: str,
    *,
    mode: ScopeMode = ScopeMode.SNAPSHOT,
    outcome: Outcome = Outcome.COMPLETE,
    confirmed: bool = True,
    batch: int = 4,
) -> Written:
    """One crawl of one scope, in small batches."""
    write = ScopeWrite(writer=writer_for(source=source, scope="heads"), mode=mode)
    for start in range(0, len(facts), batch):
        write.apply(facts[start : start + batch])
    return write.finish(outcome, removal_confirmed=confirmed)


def rows() -> tuple[int, ...]:
    """How many rows the catalogue has, by table."""
    return tuple(table.objects.count() for table in (Entity, Alias, Facet, Edge, Version, Change))


def visible(sequence: int | None = None) -> set[tuple[object, ...]]:
    """What readers see at a sequence, with urns instead of ids."""
    facets = Facet.objects.filter(open_at(sequence)).values_list(
        "entity__urn", "facet", "writer__source", "digest"
    )
    edges = Edge.objects.filter(open_at(sequence)).values_list(
        "source__urn", "relation", "target__urn", "writer__source"
    )
    return {("facet", *row) for row in facets} | {("edge", *row) for row in edges}
