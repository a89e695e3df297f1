"""What the hub asks of its graph, whatever store answers.

Direction is that of the data: *down* goes from a thing to what is made from it or depends on it, *up*
to where it comes from. A relation is stated as in the catalogue (a notebook `reads` a dataset);
`flow` says which of its ends is upstream.

Rights are part of each question. A node whose audience is not in `exists` is hidden: it is as absent
as one that never was, so it cuts the paths through it and nothing counts it. A node in `exists` but
not in `describe` is restricted: paths go on through it, and it shows as a `Stub`. Hops, counts and
budgets are those of what the asker may see. A start that the asker may not describe has no lineage to
show: the answer is empty and says `known=False`, whether it is restricted, hidden or absent.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeVar
from uuid import UUID

from hub.core.errors import Invalid

Direction = Literal["up", "down"]

Cut = Literal["hops", "nodes", "edges", "seconds"]
"""The budget that ended a walk before it had seen all."""

End = TypeVar("End")

Key = UUID | str
"""A node in an answer: an entity's UUID, or the opaque id of a stub."""

LINEAGE: Final[frozenset[str]] = frozenset(
    {"reads", "writes", "derived-from", "trained-on", "produced-by", "imports"}
)
"""The relations along which a change travels; the others say what belongs together."""

_SOURCE_IS_UPSTREAM: Final[frozenset[str]] = frozenset({"writes", "contains"})


def flow(relation: str, source: End, target: End) -> tuple[End, End]:
    """The upstream and the downstream end: who reads is downstream of what it reads.

    Its own inverse: given upstream and downstream it returns source and target.
    """
    return (source, target) if relation in _SOURCE_IS_UPSTREAM else (target, source)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeChange:
    """A node as the catalogue has it now. `version` is the catalogue's; `team` may be empty."""

    id: UUID
    kind: str
    audience: int
    team: str
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChange:
    """A link as the catalogue has it now, with the id of its edge there. Its ends may come later."""

    id: int
    source: UUID
    relation: str
    target: UUID
    direct: bool
    evidence: str


def fingerprint(change: NodeChange | LinkChange) -> str:
    """32 hex digits over all that a node or link states: equal in store and catalogue, or verify says so."""
    stated = [str(getattr(change, name)) for name in change.__slots__]
    return hashlib.blake2b("\x1f".join(stated).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a store holds of one node (`id` is its UUID) or link (`id` is its edge's)."""

    id: UUID | int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many nodes and links a store holds, regardless of rights: for operators only."""

    nodes: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The audiences in which the asker is, by plane, and the key that makes the ids of stubs opaque.

    With the default key stubs cannot be linked between two questions; pages of one answer, or a
    picture that grows by clicks, need the same key: one a session, never shared between people.
    """

    exists: frozenset[int]
    describe: frozenset[int]
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False, compare=False)

    def opaque(self, entity: UUID) -> str:
        """The id of the stub that stands for `entity`."""
        return "restricted-" + hmac.digest(self.key, entity.bytes, "sha256").hex()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Where a walk ends at the latest.

    At most `hops` links from the start (for a path: in all); at most `nodes` nodes besides the start
    (one that is met from two sides counts twice); at most `edges` links followed, and as many shown;
    about `seconds` of wall time. Invalid when one of them is negative.
    """

    hops: int = 10
    nodes: int = 5_000
    edges: int = 50_000
    seconds: float = 5.0

    def __post_init__(self) -> None:
        if min(self.hops, self.nodes, self.edges, self.seconds) < 0:
            raise Invalid("a budget of a lineage question is negative: give 0 or more", field="budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An entity that the asker may describe."""

    id: UUID
    kind: str
    name: str
    team: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """Something that the asker may not describe but could ask `team` for; nothing else is told of it."""

    id: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A node with its distance in hops: negative upstream of the start, positive downstream, 0 the start.

    On a cycle the nearer side counts, and downstream when both are as near.
    """

    node: Node | Stub
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`edge` is the catalogue's, with columns and code; None where an end is a stub, whose they are too.

    Links to a stub that differ in nothing that is shown are one link.
    """

    edge: int | None
    source: Key
    relation: str
    target: Key
    direct: bool
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entity of a closure, with its distance in hops (1 or more)."""

    id: UUID
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many nodes are of a kind, or restricted nodes of a team."""

    of: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`size` members (1 or more) that follow `after`, the last of the page before; None: from the first."""

    size: int = 100
    after: Member | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`known` is False when the asker may not describe a start; `cut` is the budget that ended the walk."""

    known: bool = True
    cut: Cut | None = None

    @property
    def partial(self) -> bool:
        """There is, or may be, more than the answer holds."""
        return self.cut is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood(Answer):
    """Nodes from the nearest on, stubs last at each distance, and every link between two of them."""

    nodes: tuple[Reached, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure(Answer):
    """`count` entities and `restricted` stubs in all; `members` is a page of the entities, nearest first."""

    count: int = 0
    restricted: int = 0
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Answer):
    """A shortest path, from the source on, and every link along it; empty when there is none.

    Of several as short the store chooses, the same one each time.
    """

    nodes: tuple[Node | Stub, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact(Answer):
    """All that is downstream: entities by kind, restricted things by team; `nodes` are the first entities."""

    kinds: tuple[Tally, ...] = ()
    restricted: tuple[Tally, ...] = ()
    nodes: tuple[Reached, ...] = ()


class Graph(Protocol):
    """A graph store. Equal content and equal questions give equal answers, whichever store it is.

    Under the budgets `edges` and `seconds` the store decides which nodes are seen before the cut;
    under `nodes` those of the last level come in the order of ids, stubs last.
    """

    def neighbourhood(
        self,
        start: UUID,
        *,
        directions: frozenset[Direction],
        rights: Rights,
        budget: Budget,
        relations: frozenset[str] = LINEAGE,
    ) -> Neighbourhood:
        """What lies around `start`: up, down, or both (not: down from something upstream)."""
        ...

    def closure(
        self,
        start: UUID,
        *,
        direction: Direction,
        rights: Rights,
        budget: Budget,
        page: Page,
        relations: frozenset[str] = LINEAGE,
    ) -> Closure:
        """The entities on one side of `start`, without it, by distance and then id."""
        ...

    def path(
        self,
        source: UUID,
        target: UUID,
        *,
        rights: Rights,
        budget: Budget,
        relations: frozenset[str] = LINEAGE,
    ) -> Path:
        """The way of the data from `source` down to `target`."""
        ...

    def impact(
        self,
        start: UUID,
        *,
        rights: Rights,
        budget: Budget,
        first: int = 50,
        relations: frozenset[str] = LINEAGE,
    ) -> Impact:
        """What a change of `start` may touch; `first` limits only the nodes that are shown."""
        ...

    def write(
        self,
        *,
        nodes: Iterable[NodeChange] = (),
        links: Iterable[LinkChange] = (),
        removed_nodes: Iterable[UUID] = (),
        removed_links: Iterable[int] = (),
        sequence: int,
    ) -> None:
        """Apply, all or nothing, what the change log says at `sequence`; removals come first.

        What the store knows from a later sequence stays: the same write a second time, or one that
        arrives late, changes nothing and brings nothing back. A removed node takes no link with it:
        its links are out of sight, and back with it if it comes back.
        """
        ...

    def rebuild(self, *, nodes: Iterable[NodeChange], links: Iterable[LinkChange], sequence: int) -> Size:
        """Replace everything by what the catalogue holds at `sequence`, while questions are answered.

        Each answer is of the old content or of the new. Writes made meanwhile are in the new one. An
        error from `nodes` or `links` leaves the old content as it was. Conflict when another rebuild
        began after this one: that one goes on.
        """
        ...

    def entries(self) -> Iterator[Entry]:
        """All nodes by id, then all links by id, to be compared with the catalogue.

        Conflict, at any point of the iteration, when a rebuild replaced what was being read.
        """
        ...

    def count(self) -> Size:
        """How much there is."""
        ...
