"""The questions, asked of one build of the SQL backend."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from hub.graph.backends import statements
from hub.graph.backends.store import Store, entity
from hub.graph.backends.walk import Allowance, Walk
from hub.graph.port import (
    Budget,
    Closure,
    Direction,
    Impact,
    Link,
    Member,
    Neighbourhood,
    Node,
    Page,
    Path,
    Reached,
    Rights,
    Stub,
    Tally,
    flow,
)

_NIL = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What every question has: where it is asked, by whom, along which relations, how far."""

    store: Store
    build: int
    rights: Rights
    budget: Budget
    relations: frozenset[str]

    def neighbourhood(self, start: UUID, directions: frozenset[Direction]) -> Neighbourhood:
        number = self._described(start)
        if number is None:
            return Neighbourhood(known=False)
        allowance = Allowance(self.budget)
        walks = [self._walk(number, direction, allowance) for direction in sorted(directions)]
        _alternate(walks, allowance)
        depths = {number: 0}
        for walk in walks:
            for depth, level in enumerate(walk.levels):
                signed = depth if walk.direction == "down" else -depth
                depths |= {node: signed for node in level if depth < abs(depths.get(node, depth + 1))}
        shown = self._shown(list(depths))
        reached = [Reached(node=shown[node], depth=depths[node]) for node in depths if node in shown]
        links, complete = self._links(shown)
        return Neighbourhood(
            cut=allowance.cut or (None if complete else "edges"),
            nodes=tuple(sorted(reached, key=_nearest_first)),
            links=links,
        )

    def closure(self, start: UUID, direction: Direction, page: Page) -> Closure:
        number = self._described(start)
        if number is None:
            return Closure(known=False)
        walk = self._walk(number, direction, Allowance(self.budget))
        walk.run()
        count = sum(audience in self.rights.describe for audience in walk.audiences.values())
        members = [member for _, member in self._page(walk, page)]
        return Closure(
            cut=walk.allowance.cut,
            count=count,
            restricted=len(walk.audiences) - count,
            members=tuple(members),
        )

    def path(self, source: UUID, target: UUID) -> Path:
        first, last = self._described(source), self._described(target)
        if first is None or last is None:
            return Path(known=False)
        allowance = Allowance(self.budget)
        ahead, back = self._walk(first, "down", allowance), self._walk(last, "up", allowance)
        steps = _meet(ahead, back)
        shown = self._shown(steps)
        if not steps or len(shown) < len(steps):
            return Path(cut=allowance.cut)
        links, complete = self._links({number: shown[number] for number in steps})
        following = set(zip((shown[a].id for a in steps), (shown[b].id for b in steps[1:]), strict=False))
        return Path(
            cut=None if complete else "edges",
            nodes=tuple(shown[number] for number in steps),
            links=tuple(link for link in links if _upstream_first(link) in following),
        )

    def impact(self, start: UUID, first: int) -> Impact:
        number = self._described(start)
        if number is None:
            return Impact(known=False)
        walk = self._walk(number, "down", Allowance(self.budget))
        walk.run()
        described, restricted = self._parted(walk)
        members = dict(self._page(walk, Page(size=first)))
        shown = self._shown(list(members))
        return Impact(
            cut=walk.allowance.cut,
            kinds=self._tallies(statements.KINDS, described),
            restricted=self._tallies(statements.TEAMS, restricted),
            nodes=tuple(
                Reached(node=shown[node], depth=member.depth)
                for node, member in members.items()
                if node in shown
            ),
        )

    def _walk(self, start: int, direction: Direction, allowance: Allowance) -> Walk:
        return Walk(
            store=self.store,
            direction=direction,
            rights=self.rights,
            relations=sorted(self.relations),
            allowance=allowance,
            start=start,
        )

    def _described(self, start: UUID) -> int | None:
        """The number of a node that the asker may describe."""
        for number, audience in self.store.rows(statements.START, self.build, start):
            if audience in self.rights.describe & self.rights.exists:
                return int(number)
        return None

    def _shown(self, numbers: list[int]) -> dict[int, Node | Stub]:
        """The nodes as the asker may see them now: one hidden since the walk is left out."""
        shown: dict[int, Node | Stub] = {}
        rows = self.store.rows(statements.DETAILS, numbers, sorted(self.rights.exists))
        for number, audience, identity, kind, name, team, version in rows:
            if audience in self.rights.describe:
                shown[number] = Node(id=entity(identity), kind=kind, name=name, team=team, version=version)
            else:
                shown[number] = Stub(id=self.rights.opaque(entity(identity)), team=team)
        return shown

    def _links(self, shown: dict[int, Node | Stub]) -> tuple[tuple[Link, ...], bool]:
        """The links between the nodes, and whether the budget let all of them through."""
        limit, numbers = self.budget.edges, list(shown)
        rows = self.store.rows(statements.BETWEEN, numbers, numbers, sorted(self.relations), limit + 1)
        links = set()
        for edge, upstream, downstream, relation, direct, evidence in rows[:limit]:
            ends = shown[upstream], shown[downstream]
            source, target = flow(relation, ends[0].id, ends[1].id)
            links.add(
                Link(
                    edge=None if any(isinstance(end, Stub) for end in ends) else edge,
                    source=source,
                    relation=relation,
                    target=target,
                    direct=bool(direct),
                    evidence=evidence,
                )
            )
        return tuple(sorted(links, key=_link_order)), len(rows) <= limit

    def _parted(self, walk: Walk) -> tuple[list[int], list[int]]:
        described: list[int] = []
        restricted: list[int] = []
        for node, audience in walk.audiences.items():
            (described if audience in self.rights.describe else restricted).append(node)
        return described, restricted

    def _page(self, walk: Walk, page: Page) -> Iterator[tuple[int, Member]]:
        """Numbers and members of a page, by distance and then by id."""
        readable = sorted(self.rights.describe & self.rights.exists)
        left, floor = page.size, page.after.id if page.after else _NIL
        for depth in range(page.after.depth if page.after else 1, len(walk.levels)):
            if left <= 0 or not walk.levels[depth]:
                return
            rows = self.store.rows(statements.FIRST, walk.levels[depth], readable, floor, left)
            for number, identity in rows:
                yield number, Member(id=entity(identity), depth=depth)
            left, floor = left - len(rows), _NIL

    def _tallies(self, statement: str, numbers: list[int]) -> tuple[Tally, ...]:
        rows = self.store.rows(statement, numbers, sorted(self.rights.exists)) if numbers else []
        return tuple(Tally(of=name, count=count) for name, count in rows)


def _alternate(walks: list[Walk], allowance: Allowance) -> None:
    """One level of each in turn, so that a broad side does not starve the other of its budget."""
    for _ in range(allowance.budget.hops):
        going = [walk for walk in walks if walk.frontier]
        if not going:
            return
        for walk in going:
            if allowance.cut is None:
                walk.step()
    for walk in walks:
        walk.run()


def _meet(ahead: Walk, back: Walk) -> list[int]:
    """The numbers of a shortest path between the starts, empty without one. The smaller side steps.

    All nodes in which a step first meets the other side lie on paths of the same, least length.
    """
    met = [ahead.start] if ahead.start == back.start else []
    allowance = ahead.allowance
    while not met and ahead.frontier and back.frontier and allowance.cut is None:
        if ahead.depth + back.depth >= allowance.budget.hops:
            allowance.cut = "hops"
            break
        walk, other = (ahead, back) if len(ahead.frontier) <= len(back.frontier) else (back, ahead)
        met = [node for node in walk.step() if node in other.parents]
    if not met:
        return []
    return [*reversed(_to_start(ahead, met[0])), *_to_start(back, met[0])[1:]]


def _to_start(walk: Walk, node: int) -> list[int]:
    steps = [node]
    while steps[-1] != walk.start:
        steps.append(walk.parents[steps[-1]])
    return steps


def _nearest_first(reached: Reached) -> tuple[int, int, bool, str]:
    return (abs(reached.depth), reached.depth, isinstance(reached.node, Stub), str(reached.node.id))


def _link_order(link: Link) -> tuple[str, str, str, int, bool, str]:
    return (str(link.source), link.relation, str(link.target), link.edge or 0, link.direct, link.evidence)


def _upstream_first(link: Link) -> tuple[UUID | str, UUID | str]:
    return flow(link.relation, link.source, link.target)
