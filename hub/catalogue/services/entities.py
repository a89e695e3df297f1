"""Which entity a urn means: found, adopted from a name in code, or new."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hub.catalogue.models import Alias, Entity, Generation
from hub.catalogue.services.writers import audience_of_writer, audience_within
from indexers.facts import NAMED, EntityFact, Renamed, named_dataset_urn

_CHUNK = 500
_NAMED_PREFIX = f"dataset:{NAMED}/"


def chunks(values: Iterable[str], size: int = _CHUNK) -> Iterator[list[str]]:
    """Lists of at most `size`: a database limits the parameters of one statement."""
    batch: list[str] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@dataclass(slots=True)
class Known:
    """What the index remembers of an entity; enough to decide without another query."""

    id: uuid.UUID
    urn: str
    name: str
    platform: str
    path: str
    space_id: uuid.UUID | None
    audience_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What an entity will be called once the generation is published."""

    entity_id: uuid.UUID
    urn: str
    name: str
    platform: str
    path: str


class EntityIndex:
    """urn to entity for one scope: loads in chunks, creates what is new, collects new names.

    Names of entities that readers already see change only at publication: `namings` holds them.
    """

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._known: dict[str, Known | None] = {}
        self.namings: list[Naming] = []
        self.merges: list[tuple[uuid.UUID, uuid.UUID]] = []
        self._inner: dict[int, int] = {}

    def load(self, urns: Iterable[str]) -> None:
        """Look up all urns at once: by urn, then datasets by alias."""
        missing = [name for name in dict.fromkeys(urns) if name and name not in self._known]
        for batch in chunks(missing):
            for entity in _known(urn__in=batch):
                self._known[entity.urn] = entity
        rest = [name for name in missing if name not in self._known]
        for batch in chunks(name for name in rest if name.startswith("dataset:")):
            rows = Alias.objects.filter(key__in=batch).values_list("key", "entity_id")
            found = {entity.id: entity for entity in _known(id__in=[row[1] for row in rows])}
            for key, entity_id in rows:
                self._known[key] = found[entity_id]
        for name in rest:
            self._known.setdefault(name, None)

    def id_of(self, name: str) -> uuid.UUID | None:
        """The entity of a loaded urn, None if there is none."""
        known = self._known.get(name)
        return known.id if known else None

    def ensure(self, facts: Sequence[EntityFact]) -> tuple[int, int]:
        """Find or create the entity of every fact; returns (entities, aliases) written."""
        self.load(fact.urn for fact in facts)
        self.load(fact.parent for fact in facts)
        self._adopt([fact for fact in facts if fact.kind == "dataset" and self.id_of(fact.urn) is None])
        self._adopt_columns([fact for fact in facts if fact.kind == "column" and fact.aliases])
        created = self._create([fact for fact in facts if self.id_of(fact.urn) is None])
        for fact in facts:
            self._note_naming(fact)
        return created, self._alias(facts)

    def rename(self, fact: Renamed) -> bool:
        """Let the entity answer to its new urn from here on; False if that is taken or the old unknown."""
        self.load([fact.urn, fact.new_urn])
        known = self._known[fact.urn]
        if known is None or self._known[fact.new_urn] is not None:
            return False
        self._known[fact.new_urn] = known
        self._known[fact.urn] = None
        self.namings.append(
            Naming(
                entity_id=known.id,
                urn=fact.new_urn,
                name=fact.new_name,
                platform=known.platform,
                path=fact.new_path,
            )
        )
        return True

    def _adopt(self, facts: Sequence[EntityFact]) -> None:
        """A dataset that code names and a dataset that an indexer found are one thing, whoever came first."""
        keys = [key for fact in facts for key in (*fact.aliases, _plain_name(fact))]
        by_alias: dict[str, set[uuid.UUID]] = {}
        for batch in chunks(dict.fromkeys(keys)):
            for key, entity_id in Alias.objects.filter(key__in=batch).values_list("key", "entity_id"):
                by_alias.setdefault(key, set()).add(entity_id)
        self.load(named_dataset_urn(key) for key in keys)
        for fact in facts:
            if fact.urn.startswith(_NAMED_PREFIX):
                candidates = by_alias.get(_plain_name(fact), set())
                if len(candidates) == 1:
                    (self._known[fact.urn],) = _known(id__in=candidates)
            else:
                self._adopt_named(fact)

    def _adopt_named(self, fact: EntityFact) -> None:
        named = [
            found
            for key in sorted(fact.aliases, key=lambda key: (-len(key), key))
            if (found := self._known.get(named_dataset_urn(key))) is not None
            and found.urn.startswith(_NAMED_PREFIX)
        ]
        if not named:
            return
        winner, *losers = named
        self._known[fact.urn] = winner
        self.merges += [(loser.id, winner.id) for loser in losers if loser.id != winner.id]
        for loser in losers:
            self._known[loser.urn] = winner

    def _adopt_columns(self, facts: Sequence[EntityFact]) -> None:
        """A column whose field id is known is that column, whatever it is called now."""
        keys = {fact.aliases[0]: fact for fact in facts if self.id_of(fact.urn) is None}
        for batch in chunks(keys):
            rows = list(Alias.objects.filter(key__in=batch).values_list("key", "entity_id"))
            found = {known.id: known for known in _known(id__in=[entity_id for _, entity_id in rows])}
            for key, entity_id in rows:
                self._known[keys[key].urn] = found[entity_id]

    def _create(self, facts: Sequence[EntityFact]) -> int:
        writer = self._generation.writer
        audience = audience_of_writer(writer)
        new: dict[str, Entity] = {}
        for fact in facts:
            if fact.urn in new:
                continue
            entity_id = uuid.uuid4()
            parent = self._known.get(fact.parent) if fact.parent else None
            space_id = parent.space_id if parent else writer.space_id
            audience_id = self._audience(parent, fact.kind) if parent else audience.pk
            new[fact.urn] = Entity(
                id=entity_id,
                urn=fact.urn,
                kind=fact.kind,
                name=fact.name[:500],
                platform=fact.platform,
                path=fact.path,
                parent_id=parent.id if parent else None,
                space_id=space_id,
                audience_id=audience_id,
                created=self._generation,
            )
            self._known[fact.urn] = Known(
                entity_id, fact.urn, fact.name, fact.platform, fact.path, space_id, audience_id
            )
        Entity.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=_CHUNK)
        for batch in chunks(new):
            for entity in _known(urn__in=batch):
                self._known[entity.urn] = entity
        return len(new)

    def _audience(self, parent: Known, kind: str) -> int:
        if kind != "column":
            return parent.audience_id
        if parent.audience_id not in self._inner:
            self._inner[parent.audience_id] = audience_within(parent.audience_id)
        return self._inner[parent.audience_id]

    def _note_naming(self, fact: EntityFact) -> None:
        known = self._known[fact.urn]
        if known is None or (fact.urn.startswith(_NAMED_PREFIX) and known.urn != fact.urn):
            return
        if (known.urn, known.name, known.platform, known.path) == (
            fact.urn,
            fact.name[:500],
            fact.platform,
            fact.path,
        ):
            return
        if not any(naming.entity_id == known.id and naming.urn == fact.urn for naming in self.namings):
            self.namings.append(
                Naming(
                    entity_id=known.id,
                    urn=fact.urn,
                    name=fact.name[:500],
                    platform=fact.platform,
                    path=fact.path,
                )
            )

    def _alias(self, facts: Sequence[EntityFact]) -> int:
        wanted = {
            (known.id, key)
            for fact in facts
            if (known := self._known[fact.urn]) is not None
            for key in (*fact.aliases, *([fact.urn] if known.urn != fact.urn else []))
        }
        keys = {key for _, key in wanted}
        present: set[tuple[uuid.UUID, str]] = set()
        for batch in chunks(keys):
            present.update(Alias.objects.filter(key__in=batch).values_list("entity_id", "key"))
        rows = [
            Alias(entity_id=entity_id, key=key, opened=self._generation)
            for entity_id, key in sorted(wanted - present, key=str)
        ]
        Alias.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_CHUNK)
        return len(rows)


def _plain_name(fact: EntityFact) -> str:
    return fact.urn.removeprefix(_NAMED_PREFIX) if fact.urn.startswith(_NAMED_PREFIX) else fact.name


def _known(**condition: object) -> list[Known]:
    rows = Entity.objects.filter(**condition).values_list(
        "id", "urn", "name", "platform", "path", "space_id", "audience_id"
    )
    return [Known(*row) for row in rows]
