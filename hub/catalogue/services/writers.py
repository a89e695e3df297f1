"""Writers, and the audiences that follow from them."""

from collections.abc import Iterable

from django.db import transaction

from hub.accounts.models import Discoverability, Space
from hub.catalogue.models import Audience, AudienceToken, Entity, Writer
from hub.core.asker import EVERYBODY, OWNER
from hub.core.digests import digest_of

Plane = AudienceToken.Plane


def writer_for(
    *,
    source: str,
    scope: str,
    space: Space | None = None,
    discoverability: str = Discoverability.REQUESTABLE,
    rank: int = Writer.Rank.SOURCE,
) -> Writer:
    """The writer of this scope, with the space and discoverability that its entities get."""
    writer, _ = Writer.objects.update_or_create(
        source=source,
        scope=scope,
        defaults={"space": space, "discoverability": discoverability, "rank": rank},
    )
    return writer


def tokens_of(space_id: object, discoverability: str) -> frozenset[tuple[str, str]]:
    """(plane, token) pairs of a thing in a space; without a space only the owner is inside."""
    inside = {OWNER} | ({f"space:{space_id}"} if space_id else set())
    everybody = inside | {EVERYBODY}
    planes = {
        Discoverability.OPEN: (everybody, everybody, inside),
        Discoverability.REQUESTABLE: (everybody, inside, inside),
        Discoverability.HIDDEN: (inside, inside, inside),
    }[Discoverability(discoverability)]
    return frozenset(
        (plane, token) for plane, tokens in zip(Plane.values, planes, strict=True) for token in tokens
    )


def audience_of(tokens: frozenset[tuple[str, str]]) -> Audience:
    """The one audience with exactly these tokens, made when it is new."""
    return _audience(digest_of([list(pair) for pair in sorted(tokens)]), tokens)


@transaction.atomic
def _audience(digest: str, tokens: frozenset[tuple[str, str]]) -> Audience:
    audience, created = Audience.objects.get_or_create(digest=digest)
    if created:
        AudienceToken.objects.bulk_create(
            AudienceToken(audience=audience, plane=plane, token=token) for plane, token in sorted(tokens)
        )
    return audience


def audience_of_writer(writer: Writer) -> Audience:
    """What the writer's space and discoverability say."""
    return audience_of(tokens_of(writer.space_id, writer.discoverability))


def audience_within(audience_id: int) -> int:
    """The audience of what a thing is made of: only who may read about the thing knows of its parts."""
    held = AudienceToken.objects.filter(audience=audience_id).exclude(plane=Plane.EXISTS)
    tokens = frozenset(held.values_list("plane", "token"))
    known = frozenset((Plane.EXISTS.value, token) for plane, token in tokens if plane == Plane.DESCRIBE)
    return audience_of(tokens | known).pk


def audience_inside(parent: Entity, kind: str) -> int:
    """The audience of a thing of this kind that lies in the parent."""
    return audience_within(parent.audience_id) if kind == "column" else parent.audience_id


def settle_visibility(entities: Iterable[Entity]) -> list[Entity]:
    """Recompute space and audience from who asserts each entity; returns those that changed, saved.

    A person's word counts alone. Else writers that found the thing count before those that only name
    it, and what several teams name is visible to each of them.
    """
    changed: list[Entity] = []
    for entity in entities:
        before = (entity.space_id, entity.audience_id)
        _settle(entity)
        if (entity.space_id, entity.audience_id) != before:
            entity.save(update_fields=["space", "audience"])
            changed.append(entity)
    return changed


def _settle(entity: Entity) -> None:
    asserted = list(
        entity.facets.filter(facet="identity", closed=None).select_related("writer").order_by("writer_id")
    )
    found = [row for row in asserted if row.payload.get("platform")] or asserted
    spaces = [row.writer.space for row in found]
    entity.space = entity.stated_space or (spaces[0] if spaces else entity.space)
    if entity.stated_discoverability:
        tokens = tokens_of(entity.space_id, entity.stated_discoverability)
    else:
        tokens = frozenset[tuple[str, str]]().union(
            *(tokens_of(row.writer.space_id, row.writer.discoverability) for row in found)
        )
    if tokens:
        entity.audience = audience_of(tokens)
