"""Who can meet whom at all: contacts as a flow from participants through pairs to shoppers.

The network keeps rules 1–4 and the total limits of rule 5 exactly, because

    source → (participant, channel) → pair → shopper → sink

has one unit per contact, one unit of room per pair, and integer capacities, so an optimal flow is integer.
A convex cost per shopper (the k-th contact costs 2k+1, so the sum is the square of the load) makes the
loads as even as the rules allow. Dates are not in the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shoppers.planner.indexed import Indexed

Meeting = tuple[int, int, int]
"""(participant, shopper, channel) by index."""

FRESH_COST = 100_000_000_000
EXTRA_COST = 100_000_000
LOAD_FIRST = 10_000
KEEP_FIRST = 1_000_000
"""Costs are steps of a ladder: a contact nobody can make, one beyond a limit, then loads and kept meetings
in the order asked for. Each step outweighs all that can be gained below it."""


class FlowFailure(RuntimeError):
    """The solver refused a network that is feasible by construction: a defect, never a matter of input."""


@dataclass(slots=True)
class Network:
    """Arcs gathered in lists before they are handed over."""

    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    capacities: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    nodes: int = 0

    def node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def arc(self, tail: int, head: int, capacity: int, cost: int = 0) -> int:
        self.tails.append(tail)
        self.heads.append(head)
        self.capacities.append(capacity)
        self.costs.append(cost)
        return len(self.tails) - 1

    def cheapest(self, source: int, sink: int, amount: int) -> list[int]:
        """Flow per arc of the cheapest flow of `amount`, which the network must be able to carry."""
        from ortools.graph.python import min_cost_flow

        solver = min_cost_flow.SimpleMinCostFlow()
        for tail, head, capacity, cost in zip(self.tails, self.heads, self.capacities, self.costs, strict=True):
            solver.add_arc_with_capacity_and_unit_cost(tail, head, capacity, cost)
        solver.set_node_supply(source, amount)
        solver.set_node_supply(sink, -amount)
        if solver.solve() != solver.OPTIMAL:
            raise FlowFailure(f"no optimal flow of {amount} over {len(self.tails)} arcs")
        return [solver.flow(arc) for arc in range(len(self.tails))]

    def source_side(self, source: int, sink: int) -> frozenset[int]:
        """Nodes on the source side of a smallest cut."""
        from ortools.graph.python import max_flow

        solver = max_flow.SimpleMaxFlow()
        for tail, head, capacity in zip(self.tails, self.heads, self.capacities, strict=True):
            solver.add_arc_with_capacity(tail, head, capacity)
        if solver.solve(source, sink) != solver.OPTIMAL:
            raise FlowFailure("no maximum flow")
        return frozenset(solver.get_source_side_min_cut())


@dataclass(slots=True)
class MeetingNetwork:
    """The network and which arc means what."""

    network: Network
    source: int
    sink: int
    demand_node: dict[tuple[int, int], int]
    shopper_node: list[int]
    meeting_arc: dict[int, Meeting]
    fresh_arc: dict[int, tuple[int, int]]
    extra_arc: dict[int, int]


@dataclass(frozen=True, slots=True)
class Matching:
    """A best matching: who meets whom, and what could not be met.

    `lacking[(p, c)]` contacts found no shopper at any limit; `extra[s]` contacts are beyond the shopper's room.
    """

    meetings: tuple[Meeting, ...]
    lacking: dict[tuple[int, int], int]
    extra: dict[int, int]

    @property
    def is_complete(self) -> bool:
        return not self.lacking and not self.extra


def match(indexed: Indexed, prefer: frozenset[Meeting] = frozenset(), *, load_first: bool = False) -> Matching:
    """The most even matching; where rules 1–5 leave no matching, the one that bends the limits least.

    Contacts that even unlimited shoppers could not make are counted as lacking, dearer than any extra contact.
    Meetings in `prefer` are kept before loads are evened out, or after with `load_first`.
    """
    built = meeting_network(indexed, elastic=True, load_cost=LOAD_FIRST if load_first else 1)
    keep_cost = -1 if load_first else -KEEP_FIRST
    for arc, meeting in built.meeting_arc.items():
        if meeting in prefer:
            built.network.costs[arc] = keep_cost
    flow = built.network.cheapest(built.source, built.sink, indexed.total)
    lacking = {built.fresh_arc[arc]: flow[arc] for arc in built.fresh_arc if flow[arc]}
    extra: dict[int, int] = {}
    for arc, s in built.extra_arc.items():
        if flow[arc]:
            extra[s] = extra.get(s, 0) + flow[arc]
    meetings = tuple(meeting for arc, meeting in built.meeting_arc.items() if flow[arc])
    return Matching(meetings, lacking, extra)


def meeting_network(indexed: Indexed, *, elastic: bool, load_cost: int = 1) -> MeetingNetwork:
    """The network of meetings. Elastic: with dear ways out for every contact, so that a flow always exists."""
    network = Network()
    source, sink = network.node(), network.node()
    shopper_node = [network.node() for _ in indexed.shoppers]
    built = MeetingNetwork(network, source, sink, {}, shopper_node, {}, {}, {})
    for p, row in enumerate(indexed.demand):
        for c, number in row:
            node = network.node()
            built.demand_node[p, c] = node
            network.arc(source, node, number)
            if elastic:
                built.fresh_arc[network.arc(node, sink, number, FRESH_COST)] = (p, c)
        _add_pairs(indexed, built, p)
    for s in range(len(indexed.shoppers)):
        _add_shopper(indexed, built, s, load_cost, elastic)
    return built


def _add_pairs(indexed: Indexed, built: MeetingNetwork, p: int) -> None:
    network = built.network
    barred = indexed.barred[p]
    for s, node in enumerate(built.shopper_node):
        if barred[s] or indexed.span[s][1] < indexed.span[s][0]:
            continue
        channels = [c for c, _ in indexed.demand[p] if indexed.able[c][s]]
        head = node
        if len(channels) > 1:
            head = network.node()
            network.arc(head, node, 1)
        for c in channels:
            built.meeting_arc[network.arc(built.demand_node[p, c], head, 1)] = (p, s, c)


def _add_shopper(indexed: Indexed, built: MeetingNetwork, s: int, load_cost: int, elastic: bool) -> None:
    network, node = built.network, built.shopper_node[s]
    most = sum(1 for barred in indexed.barred if not barred[s])
    done = indexed.fixed_load[s]
    room = min(indexed.room[s], most)
    if not elastic:
        network.arc(node, built.sink, room)
        return
    for unit in range(room):
        network.arc(node, built.sink, 1, load_cost * (2 * (done + unit) + 1))
    if not indexed.takes_part(s):
        return
    in_weeks = sum(indexed.week_room[s])
    for unit in range(room, most):
        dear = EXTRA_COST if unit < in_weeks else 10 * EXTRA_COST
        built.extra_arc[network.arc(node, built.sink, 1, dear + LOAD_FIRST * (unit - room))] = s
