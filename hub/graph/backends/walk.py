"""Breadth first through the visible part of the graph, level by level, within a budget.

A recursive query would keep a row for each node *and* depth and grow with the number of paths; a loop
with a visited set does not, and it is the same on every database.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.graph.backends import statements
from hub.graph.backends.store import Store, batches, entity
from hub.graph.port import Budget, Cut, Direction, Rights

_CHUNK = 1_000
_PEEK = 100
_EXPAND: Mapping[Direction, str] = {"up": statements.UP, "down": statements.DOWN}


@dataclass(slots=True)
class Allowance:
    """What is left of a budget, shared by the walks of one question, and what ended them."""

    budget: Budget
    nodes: int = field(init=False)
    edges: int = field(init=False)
    deadline: float = field(init=False)
    cut: Cut | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.nodes, self.edges = self.budget.nodes, self.budget.edges
        self.deadline = time.monotonic() + self.budget.seconds

    def late(self) -> bool:
        """The time is up; from then on the question is cut."""
        if self.cut is None and time.monotonic() >= self.deadline:
            self.cut = "seconds"
        return self.cut == "seconds"


@dataclass(slots=True, kw_only=True)
class Walk:
    """All that is seen on one side of a start. Nodes are the backend's numbers.

    `levels[d]` holds what is `d` hops away; `parents` says from where each node was first seen.
    """

    store: Store
    direction: Direction
    rights: Rights
    relations: list[str]
    allowance: Allowance
    start: int
    levels: list[list[int]] = field(init=False)
    parents: dict[int, int] = field(init=False)
    audiences: dict[int, int] = field(init=False)
    exists: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.levels = [[self.start]]
        self.parents = {self.start: self.start}
        self.audiences = {}
        self.exists = sorted(self.rights.exists)

    @property
    def depth(self) -> int:
        """How many levels were walked."""
        return len(self.levels) - 1

    @property
    def frontier(self) -> list[int]:
        """Where the next step goes on from; empty when there is nothing more."""
        return self.levels[-1]

    def run(self) -> None:
        """Walk to the end of the graph or of the budget."""
        while self.frontier and self.allowance.cut is None:
            if self.depth >= self.allowance.budget.hops:
                if self._goes_on():
                    self.allowance.cut = self.allowance.cut or "hops"
                return
            self.step()

    def step(self) -> list[int]:
        """Go one hop on and return what was not seen before, sorted."""
        found: dict[int, int] = {}
        for chunk in batches(self.frontier, _CHUNK):
            if self.allowance.late():
                break
            for parent, node, audience in self._expanded(chunk):
                if node not in self.parents:
                    self.parents[node] = parent
                    found[node] = audience
            if self.allowance.cut:
                break
        kept = self._afforded(found)
        self.audiences |= {node: found[node] for node in kept}
        self.levels.append(kept)
        return kept

    def _expanded(self, chunk: list[int]) -> list[tuple[int, int, int]]:
        left = self.allowance.edges
        rows = self._neighbours(chunk, left + 1)
        if len(rows) > left:
            self.allowance.cut = "edges"
        self.allowance.edges -= min(left, len(rows))
        return rows[:left]

    def _neighbours(self, chunk: list[int], limit: int) -> list[tuple[int, int, int]]:
        rows = self.store.rows(_EXPAND[self.direction], chunk, self.exists, self.relations, limit)
        return [(parent, node, audience) for parent, node, audience in rows]

    def _afforded(self, found: dict[int, int]) -> list[int]:
        left = self.allowance.nodes
        self.allowance.nodes -= min(left, len(found))
        if len(found) <= left:
            return sorted(found)
        self.allowance.cut = "nodes"
        names: dict[int, tuple[bool, str]] = {}
        for node, audience, identity, *_ in self.store.rows(statements.DETAILS, list(found), self.exists):
            stub = audience not in self.rights.describe
            name = self.rights.opaque(entity(identity)) if stub else entity(identity).hex
            names[node] = (stub, name)
        return sorted(sorted(names, key=names.__getitem__)[:left])

    def _goes_on(self) -> bool:
        """Whether anything visible lies behind the last level; small chunks, since the first mostly tells."""
        for chunk in batches(self.frontier, _PEEK):
            if self.allowance.late():
                return True
            rows = self._neighbours(chunk, self.allowance.edges + 1)
            if len(rows) > self.allowance.edges or any(node not in self.parents for _, node, _ in rows):
                return True
        return False
