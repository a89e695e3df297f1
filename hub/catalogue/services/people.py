"""What people state, and the people whom sources name."""

from collections.abc import Iterable

from django.db import transaction

from hub.accounts.models import Discoverability, Principal, Space
from hub.catalogue.models import Author, Change, Entity, Writer
from hub.catalogue.services.facets import FacetWrite, Statement
from hub.catalogue.services.generations import open_generation, publish
from hub.catalogue.services.writers import audience_inside, settle_visibility, writer_for
from hub.core.digests import person_digest
from indexers.facts import Person
from indexers.vocabulary.facets import Facet as FacetValue


def record_authors(people: Iterable[Person]) -> dict[Person, str]:
    """Keep names and addresses in their erasable rows; returns the digest that stands for each."""
    digests = {person: person_digest(person.email or person.name) for person in people}
    Author.objects.bulk_create(
        (
            Author(digest=digest, name=person.name[:200], email=person.email[:320])
            for person, digest in digests.items()
        ),
        ignore_conflicts=True,
    )
    return digests


@transaction.atomic
def state_facet(*, actor: Principal, entity: Entity, value: FacetValue) -> None:
    """A person states a facet; it outranks what sources and rules say until a person states another."""
    writer = _writer_of(actor)
    generation = open_generation(writer=writer, actor=actor)
    FacetWrite(generation).write([Statement(entity_id=entity.pk, value=value)])
    publish(generation)


@transaction.atomic
def state_visibility(
    *, actor: Principal, entity: Entity, discoverability: Discoverability | str, space: Space | None = None
) -> None:
    """A person states who may see the thing and all that lies in it; the change log tells projections."""
    entity.stated_discoverability = Discoverability(discoverability)
    entity.stated_space = space or entity.stated_space
    entity.save(update_fields=["stated_discoverability", "stated_space"])
    generation = open_generation(writer=_writer_of(actor), actor=actor)
    changed = settle_visibility([entity])
    if changed:
        changed += spread_visibility(entity)
    Change.objects.bulk_create(
        Change(generation=generation, entity=one, subject="visibility", change=Change.Class.COMPATIBLE)
        for one in changed
    )
    publish(generation)


def spread_visibility(entity: Entity) -> list[Entity]:
    """What lies in a thing is seen by whoever sees the thing: children take its space and audience."""
    changed: list[Entity] = []
    for child in entity.children.filter(stated_discoverability=""):
        audience_id = audience_inside(entity, child.kind)
        if (child.space_id, child.audience_id) != (entity.space_id, audience_id):
            child.space_id, child.audience_id = entity.space_id, audience_id
            child.save(update_fields=["space", "audience"])
            changed.append(child)
        changed += spread_visibility(child)
    return changed


def _writer_of(actor: Principal) -> Writer:
    return writer_for(source=f"person:{actor.pk}", scope="statements", rank=Writer.Rank.PERSON)
