"""The tables of the catalogue.

Rows are opened and closed by a *generation*: the write of one scope of one crawl, or of one person's
edit. A generation becomes visible by a single small update that gives it a sequence number; until
then nobody reads what it wrote, however many transactions that took. A row is true from the sequence
of the generation that opened it up to that of the one that closed it: `as_of` is a comparison.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hub.accounts.models import Discoverability


class Writer(models.Model):
    """Who asserts: a scope of a source, a rule or a person. What one asserts no other can close."""

    class Rank(models.IntegerChoices):
        """Whose word counts when two writers state the same facet."""

        SOURCE = 0
        RULE = 1
        PERSON = 2

    source = models.CharField(max_length=200)
    scope = models.CharField(max_length=60)
    rank = models.SmallIntegerField(choices=Rank, default=Rank.SOURCE)
    space = models.ForeignKey("accounts.Space", null=True, on_delete=models.SET_NULL)
    discoverability = models.CharField(
        max_length=12, choices=Discoverability, default=Discoverability.REQUESTABLE
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "scope"], name="one_writer_a_scope")
        ]

    def __str__(self) -> str:
        return f"{self.source}#{self.scope}"


class Generation(models.Model):
    """One published, or not yet published, write. `sequence` orders what readers could see."""

    writer = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="generations")
    run = models.UUIDField(null=True, db_index=True)
    actor = models.ForeignKey("accounts.Principal", null=True, on_delete=models.SET_NULL)
    opened_at = models.DateTimeField()
    sequence = models.BigIntegerField(null=True, unique=True)
    published_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["writer"], condition=Q(sequence__isnull=True), name="one_open_generation_a_writer"
            )
        ]

    def __str__(self) -> str:
        return f"generation {self.sequence or 'open'} of {self.writer}"


class Audience(models.Model):
    """A set of people, written as tokens for each plane. Few rows: entities share them."""

    digest = models.CharField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"audience {self.pk}"


class AudienceToken(models.Model):
    """Whoever holds `token` is in the audience on `plane`."""

    class Plane(models.TextChoices):
        """Each right includes the ones before it in meaning, not in data: all are written out."""

        EXISTS = "exists"
        DESCRIBE = "describe"
        DERIVED = "derived"

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="tokens")
    plane = models.CharField(max_length=8, choices=Plane)
    token = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plane", "token", "audience"], name="one_token_a_plane")
        ]

    def __str__(self) -> str:
        return f"{self.token} {self.plane}"


class Entity(models.Model):
    """A thing with an identity that outlives its names.

    `name`, `platform` and `path` are today's; what they were is in the facet `identity`, whose open
    rows also say that the entity exists at all. `space` and `audience` are what follows from the
    writers that assert it, unless a person stated them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    urn = models.CharField(max_length=1000, unique=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=500)
    platform = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=1000, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    space = models.ForeignKey("accounts.Space", null=True, on_delete=models.SET_NULL, related_name="entities")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="entities")
    stated_space = models.ForeignKey(
        "accounts.Space", null=True, on_delete=models.SET_NULL, related_name="stated_entities"
    )
    stated_discoverability = models.CharField(max_length=12, choices=Discoverability, blank=True)
    created = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="created_entities")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "name"]),
            models.Index(fields=["parent", "kind", "path"]),
        ]

    def __str__(self) -> str:
        return self.urn


class Alias(models.Model):
    """Another name of the same entity; urns it had before are aliases too."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="aliases")
    key = models.CharField(max_length=1000, db_index=True)
    opened = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "key"], name="one_alias_an_entity")
        ]

    def __str__(self) -> str:
        return self.key


class Facet(models.Model):
    """One writer's statement. Append-only: only `closed` is ever set later.

    `historic` rows state a past version that was learned late: never today's value, but part of
    `source_time` reads.
    """

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="facets")
    facet = models.CharField(max_length=40)
    schema_version = models.SmallIntegerField()
    writer = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="+")
    payload = models.JSONField()
    digest = models.CharField(max_length=32)
    source_version = models.CharField(max_length=100, blank=True)
    source_time = models.DateTimeField(null=True)
    historic = models.BooleanField(default=False)
    opened = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Generation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["entity", "facet", "source_time"]),
            models.Index(fields=["writer", "entity"], condition=Q(closed__isnull=True), name="open_facets"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity", "facet", "writer"],
                condition=Q(closed__isnull=True, historic=False),
                name="one_open_facet_a_writer",
            ),
            models.UniqueConstraint(
                fields=["entity", "facet", "writer", "source_version"],
                condition=Q(closed__isnull=True, historic=True),
                name="one_historic_facet_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet} of {self.entity_id}"


class Edge(models.Model):
    """`source` relation `target`, as one writer asserts it. `anchor` is the code that shows it.

    `key` is the digest of all that makes it this edge and no other, without the anchor's commit.
    """

    source = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="edges_out")
    relation = models.CharField(max_length=20)
    target = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="edges_in")
    columns = models.JSONField(default=list)
    direct = models.BooleanField(default=True)
    writer = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=10)
    anchor = models.JSONField(null=True)
    key = models.CharField(max_length=32)
    opened = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Generation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "writer", "key"], condition=Q(closed__isnull=True), name="one_open_edge"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.relation} {self.target_id}"


class Author(models.Model):
    """A person as sources name them: the only place of that personal text, so that it can be erased."""

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=320, blank=True)
    principal = models.ForeignKey(
        "accounts.Principal", null=True, on_delete=models.SET_NULL, related_name="authors"
    )

    def __str__(self) -> str:
        return self.name or "somebody"


class Version(models.Model):
    """A version at the source: who changed what, when, and the digest of the bytes there."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="versions")
    writer = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="+")
    source_version = models.CharField(max_length=100)
    position = models.IntegerField()
    source_time = models.DateTimeField()
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="versions")
    subject = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=1000)
    content = models.CharField(max_length=64)
    change = models.CharField(max_length=10)
    opened = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity", "source_version", "path"], name="one_version_a_commit_and_path"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["entity", "position"])]

    def __str__(self) -> str:
        return f"{self.path}@{self.source_version[:12]}"


class Change(models.Model):
    """The change log, and the outbox that projections follow: appended with the rows it speaks of.

    Readers take generations in order of their sequence and rows in order of id within: a number that
    is still uncommitted can not be stepped over, because the sequence is given at publication.
    """

    class Class(models.TextChoices):
        ADDED = "added"
        REMOVED = "removed"
        BREAKING = "breaking"
        COMPATIBLE = "compatible"
        DOCS = "docs"

    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="changes")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="changes")
    subject = models.CharField(max_length=60)
    change = models.CharField(max_length=10, choices=Class)
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entity", "id"])]

    def __str__(self) -> str:
        return f"{self.change} {self.subject}"


class Content(models.Model):
    """Bytes in the content store, by their SHA-256: documents, texts, pictures, thumbnails."""

    digest = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return self.digest
