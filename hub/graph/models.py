"""The tables of the graph's SQL backend: derived from the catalogue, dropped and rebuilt at will.

Rows belong to a *build*. One build is served; a rebuild fills another beside it and the switch is one
small update, so that readers see the one or the other, never a mixture.
"""

from typing import ClassVar

from django.db import models


class GraphState(models.Model):
    """The one row (id 1) that says which build is served and which, if any, is being filled.

    Writers lock it, so that writes, and the switch of builds, happen one after another.
    """

    serving = models.IntegerField(default=1)
    building = models.IntegerField(null=True)

    class Meta:
        db_table = "graph_state"

    def __str__(self) -> str:
        return f"build {self.serving}"


class GraphNode(models.Model):
    """An entity. Its number `id` is the backend's own: edges by number are a fifth of edges by UUID.

    `audience` is null for what the graph does not have: a removed node, kept so that a write from
    before its removal cannot bring it back, or the end of an edge that came before its node.
    """

    build = models.IntegerField()
    entity = models.UUIDField()
    kind = models.CharField(max_length=20)
    audience = models.BigIntegerField(null=True)
    team = models.CharField(max_length=120)
    name = models.CharField(max_length=500)
    version = models.CharField(max_length=100)
    sequence = models.BigIntegerField()

    class Meta:
        db_table = "graph_node"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["build", "entity"], name="one_graph_node_a_build")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class GraphEdge(models.Model):
    """A catalogue edge, stored the way the data flows: the relation says which end was its source.

    `upstream` and `downstream` are numbers of nodes; no foreign keys, since the catalogue holds the
    truth. Not `live`: removed, kept as removed nodes are, between node 0 and itself, which is no node:
    so a walk need not look at `live` and reads the indexes alone.
    """

    build = models.IntegerField()
    edge = models.BigIntegerField()
    upstream = models.BigIntegerField()
    downstream = models.BigIntegerField()
    relation = models.CharField(max_length=20)
    direct = models.BooleanField()
    evidence = models.CharField(max_length=10)
    live = models.BooleanField()
    sequence = models.BigIntegerField()

    class Meta:
        db_table = "graph_edge"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["build", "edge"], name="one_graph_edge_a_build")
        ]
        indexes: ClassVar = [
            models.Index(fields=["upstream", "downstream", "relation"], name="graph_down"),
            models.Index(fields=["downstream", "upstream", "relation"], name="graph_up"),
        ]

    def __str__(self) -> str:
        return f"edge {self.edge}: {self.upstream} {self.relation} {self.downstream}"
