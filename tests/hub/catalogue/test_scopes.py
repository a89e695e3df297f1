"""Laws of the catalogue: what scopes of facts do to it, whatever the facts are."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hub.catalogue import queries
from hub.catalogue.models import Entity
from hub.core.asker import INSTALLATION_OWNER, Asker
from hub.core.errors import NotFound
from indexers.facts import (
    EntityFact,
    FacetFact,
    Outcome,
    Renamed,
    ScopeMode,
    Tombstone,
    named_dataset_urn,
    urn,
)
from indexers.vocabulary.facets import Column, Schema
from tests.hub.catalogue.worlds import Facts, World, apply, facts_of, lake_facts, rows, visible, worlds

law = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class TestLaws(TestCase):
    @law
    @given(worlds)
    def test_the_same_facts_a_second_time_write_nothing(self, world: World) -> None:
        apply(facts_of(world, "demand"), "git:demand")
        before = rows()
        written = apply(facts_of(world, "demand"), "git:demand")
        assert rows() == before
        assert (written.entities, written.facets, written.edges, written.versions, written.closed) == (0,) * 5

    @law
    @given(worlds, worlds, st.permutations(["demand", "growth", "lake"]))
    def test_complete_runs_of_different_writers_commute(
        self, demand: World, growth: World, order: list[str]
    ) -> None:
        runs = {"demand": facts_of(demand, "demand"), "lake": lake_facts()}
        runs["growth"] = facts_of(growth, "growth")
        for name in sorted(runs):
            apply(runs[name], f"git:{name}")
        expected = visible()
        self._empty()
        for name in order:
            apply(runs[name], f"git:{name}")
        for name in order:
            apply(runs[name], f"git:{name}")
        assert visible() == expected

    @law
    @given(st.lists(worlds, min_size=2, max_size=4))
    def test_as_of_is_what_was_visible_then(self, history: list[World]) -> None:
        seen = []
        for world in history:
            apply(facts_of(world, "demand"), "git:demand")
            seen.append((queries.newest_sequence(), visible()))
        for sequence, then in seen:
            assert visible(sequence) == then

    @law
    @given(worlds, worlds, st.integers(min_value=1, max_value=6))
    def test_an_interrupted_crawl_shows_nothing_and_goes_on(
        self, before: World, after: World, batches: int
    ) -> None:
        apply(facts_of(before, "demand"), "git:demand")
        seen = visible()
        facts = facts_of(after, "demand")
        from hub.catalogue.services import ScopeWrite, writer_for

        interrupted = ScopeWrite(
            writer=writer_for(source="git:demand", scope="heads"), mode=ScopeMode.SNAPSHOT
        )
        interrupted.apply(facts[: batches * 2])
        assert visible() == seen
        apply(facts, "git:demand")
        resumed = visible()
        self._empty()
        apply(facts, "git:demand")
        assert visible() == resumed

    def _empty(self) -> None:
        from hub.catalogue import models

        models.Change.objects.all().delete()
        models.Version.objects.all().delete()
        models.Edge.objects.all().delete()
        models.Facet.objects.all().delete()
        models.Alias.objects.all().delete()
        Entity.objects.update(parent=None)
        Entity.objects.all().delete()
        models.Generation.objects.all().delete()


FILES = World(files={f"f{number}.py": ("a", frozenset({"raw.trips"})) for number in range(4)})


@pytest.mark.django_db
def test_a_partial_or_failed_scope_removes_nothing() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    before = visible()
    for outcome in (Outcome.PARTIAL, Outcome.FAILED):
        apply(facts_of(FILES, "demand")[:3], "git:demand", outcome=outcome)
        assert visible() == before


@pytest.mark.django_db
def test_a_scope_without_facts_removes_nothing_until_somebody_confirms() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    before = visible()
    written = apply([], "git:demand", confirmed=False)
    assert visible() == before
    assert written.withheld == 6
    assert [fault.code for fault in written.faults] == ["removal_withheld"]
    apply([], "git:demand", confirmed=True)
    assert visible() == set()


@pytest.mark.django_db
def test_more_than_half_of_a_scope_does_not_go_by_itself() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    one = World(files={"f0.py": ("a", frozenset())})
    assert apply(facts_of(one, "demand"), "git:demand", confirmed=False).withheld == 4
    three = World(files={name: FILES.files[name] for name in ("f0.py", "f1.py", "f2.py")})
    assert apply(facts_of(three, "demand"), "git:demand", confirmed=False).withheld == 0


@pytest.mark.django_db
def test_one_writer_never_closes_what_another_asserts() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    apply(facts_of(FILES, "growth"), "git:growth")
    apply([], "git:growth")
    assert queries.find(INSTALLATION_OWNER, [named_dataset_urn("raw.trips")]).entity.name == "raw.trips"
    with pytest.raises(NotFound):
        queries.find(INSTALLATION_OWNER, [urn("file", "growth", "f0.py")])


@pytest.mark.django_db
def test_a_table_that_code_names_and_the_table_in_the_lake_are_one_thing() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    named = queries.find(INSTALLATION_OWNER, [named_dataset_urn("raw.trips")]).entity
    apply(lake_facts(), "folder:lake")
    found = queries.find(INSTALLATION_OWNER, [urn("dataset", "lake", "raw.trips")]).entity
    assert found.pk == named.pk
    assert queries.find(INSTALLATION_OWNER, [named_dataset_urn("raw.trips")]).entity.pk == named.pk
    assert found.edges_in.filter(closed=None).count() == 4


@pytest.mark.django_db
def test_a_delta_changes_only_what_it_names() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    changed = World(files={"f1.py": ("b", frozenset())})
    facts = [*facts_of(changed, "demand"), Tombstone(urn=urn("file", "demand", "f3.py"))]
    written = apply(facts, "git:demand", mode=ScopeMode.DELTA)  # type: ignore[arg-type]  # a tombstone is applicable too
    repository = queries.find(INSTALLATION_OWNER, [urn("repository", "demand")]).entity
    names = [one.name for one in queries.children(INSTALLATION_OWNER, repository)]
    assert names == ["f0.py", "f1.py", "f2.py"]
    assert written.facets == 1


@pytest.mark.django_db
def test_a_dataset_goes_with_the_last_code_that_names_it() -> None:
    only = World(files={"f0.py": ("a", frozenset({"raw.trips"})), "f1.py": ("a", frozenset())})
    apply(facts_of(only, "demand"), "git:demand")
    without = World(files={"f0.py": ("b", frozenset())})
    apply(facts_of(without, "demand"), "git:demand", mode=ScopeMode.DELTA)
    with pytest.raises(NotFound):
        queries.find(INSTALLATION_OWNER, [named_dataset_urn("raw.trips")])


@pytest.mark.django_db
def test_a_rename_keeps_the_thing_and_the_old_name_leads_to_it() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    before = queries.find(INSTALLATION_OWNER, [urn("file", "demand", "f0.py")]).entity
    renamed = World(files={"moved.py": FILES.files["f0.py"]})
    move = Renamed(
        urn=urn("file", "demand", "f0.py"),
        new_urn=urn("file", "demand", "moved.py"),
        new_name="moved.py",
        new_path="moved.py",
    )
    apply([move, *facts_of(renamed, "demand")], "git:demand", mode=ScopeMode.DELTA)  # type: ignore[list-item]  # applicable too
    for path in ("f0.py", "moved.py"):
        found = queries.find(INSTALLATION_OWNER, [urn("file", "demand", path)]).entity
        assert (found.pk, found.name) == (before.pk, "moved.py")


@pytest.mark.django_db
def test_what_nobody_shared_is_the_owners_alone() -> None:
    apply(facts_of(FILES, "demand"), "git:demand")
    stranger = Asker(tokens=frozenset({"everybody", "person:mallory"}), name="mallory")
    found = queries.find(stranger, [urn("file", "demand", "f0.py")])
    assert not found.describable
    assert found.facets == {}


def table(*columns: Column) -> Facts:
    name = urn("dataset", "lake", "mart.hourly")
    return [
        EntityFact(urn=name, kind="dataset", name="mart.hourly", platform="delta", aliases=("mart.hourly",)),
        FacetFact(urn=name, value=Schema(columns=columns)),
    ]


@pytest.mark.django_db
def test_a_column_is_a_thing_of_its_own_that_comes_and_goes_with_the_schema() -> None:
    apply(table(Column(name="rides", type="int"), Column(name="zone_id", type="int")), "folder:lake")
    column = queries.find(INSTALLATION_OWNER, ["column:lake/mart.hourly#zone_id"]).entity
    assert column.parent is not None
    assert (column.kind, column.parent.name) == ("column", "mart.hourly")
    for mode in (ScopeMode.DELTA, ScopeMode.SNAPSHOT):
        apply(table(Column(name="rides", type="int")), "folder:lake", mode=mode)
        with pytest.raises(NotFound):
            queries.find(INSTALLATION_OWNER, ["column:lake/mart.hourly#zone_id"])


@pytest.mark.django_db
def test_a_column_that_keeps_its_field_id_keeps_its_identity_under_another_name() -> None:
    apply(table(Column(name="rides", type="int", field_id=1)), "folder:lake")
    before = queries.find(INSTALLATION_OWNER, ["column:lake/mart.hourly#rides"]).entity
    apply(table(Column(name="trips", type="int", field_id=1)), "folder:lake")
    for name in ("rides", "trips"):
        after = queries.find(INSTALLATION_OWNER, [f"column:lake/mart.hourly#{name}"]).entity
        assert (after.pk, after.name) == (before.pk, "trips")


@pytest.mark.django_db
def test_columns_are_known_only_to_those_who_may_read_about_the_table() -> None:
    apply(table(Column(name="rides", type="int")), "folder:lake")
    stranger = Asker(tokens=frozenset({"everybody"}), name="mallory")
    assert queries.find(stranger, ["dataset:lake/mart.hourly"]).entity.name == "mart.hourly"
    with pytest.raises(NotFound):
        queries.find(stranger, ["column:lake/mart.hourly#rides"])
