"""How good and how fast the planner is: `python benchmarks/planning.py [--scales 1 10 100] [--processes 2]`.

Plans a synthetic national edition (190 participants in 24 classes, 88 shoppers, 25 contacts each; relations 10 %,
abilities telephone 95, e-mail 99, chat 92, Messenger 75 %), 10 and 100 times that in parts, and repairs the plan
after five shoppers leave in week eight. Prints every figure beside its bound and beside a random greedy plan of the
same edition. Other work on the machine moves the times, not the figures: compare the ratios.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from shoppers.planner import (
    Figure,
    ParticipantDemand,
    PlannedContact,
    PlanningProblem,
    ShopperCapacity,
    check_plan,
    iso_week,
    measure,
    open_windows,
    repair,
    solve,
    solve_in_parts,
    split,
    working_days,
)

PARTICIPANTS, CLASSES, SHOPPERS, CONTACTS, LIMIT = 190, 24, 88, 25, 60
ABILITIES = (("telephone", 0.95), ("email", 0.99), ("chat", 0.92), ("messenger", 0.75))
SPLITS = (
    (("telephone", 25),),
    (("telephone", 16), ("email", 9)),
    (("telephone", 13), ("email", 7), ("chat", 5)),
    (("telephone", 13), ("email", 7), ("messenger", 5)),
)
WEEKS_DONE, LEAVING = 8, 5


def edition(scale: int, seed: int = 1) -> PlanningProblem:
    """A random edition `scale` times the national one, classes of 4 to 19; relations among pairs that can meet."""
    chance = random.Random(seed)
    participants: list[ParticipantDemand] = []
    for part in range(scale):
        for number, size in enumerate(class_sizes(chance)):
            participants.extend(
                ParticipantDemand(
                    f"p{part:03}-{number:02}-{member:02}", f"c{part:03}-{number:02}", chance.choice(SPLITS)
                )
                for member in range(size)
            )
    shoppers = tuple(
        ShopperCapacity(
            f"s{number:05}",
            frozenset(channel for channel, share in ABILITIES if chance.random() < share),
            LIMIT,
            6,
            gender=chance.choice(("female", "male")),
            age_group=chance.choice(("18-29", "30-44", "45-59", "60+")),
            region=f"county-{chance.randrange(11)}",
        )
        for number in range(SHOPPERS * scale)
    )
    days = working_days(date(2022, 1, 3), date(2022, 4, 29))
    whole = PlanningProblem(tuple(participants), shoppers, frozenset(), days)
    pairs = ((s.code, p.code) for part in split(whole, scale) for s in part.shoppers for p in part.participants)
    return replace(whole, excluded=frozenset(pair for pair in pairs if chance.random() < 0.1))


def class_sizes(chance: random.Random) -> list[int]:
    sizes = [4] * CLASSES
    while sum(sizes) < PARTICIPANTS:
        chosen = chance.randrange(CLASSES)
        sizes[chosen] += sizes[chosen] < 19
    return sizes


def greedy(problem: PlanningProblem, seed: int = 1) -> tuple[tuple[PlannedContact, ...], int]:
    """What a script would do: any free, able, unrelated shopper with room on any free day; and how many found none."""
    chance = random.Random(seed)
    load: Counter[str] = Counter()
    weekly: Counter[tuple[str, str]] = Counter()
    contacts: list[PlannedContact] = []
    unfilled = 0
    for participant in problem.participants:
        met: set[str] = set()
        for channel, number in participant.contacts:
            free = list(problem.days)
            for _ in range(number):
                able = [
                    s
                    for s in problem.shoppers
                    if channel in s.channels
                    and s.code not in met
                    and (s.code, participant.code) not in problem.excluded
                    and load[s.code] < s.max_contacts
                ]
                day = chance.choice(free)
                able = [s for s in able if weekly[s.code, iso_week(day)] < s.max_per_week]
                if not able:
                    unfilled += 1
                    continue
                chosen = chance.choice(able).code
                free.remove(day)
                met.add(chosen)
                load[chosen] += 1
                weekly[chosen, iso_week(day)] += 1
                window = chance.choice(open_windows(channel, participant.windows))
                contacts.append(PlannedContact(participant.code, chosen, channel, day, window))
    return tuple(contacts), unfilled


def as_number(figure: Figure, value: str = "value") -> str:
    number = float(getattr(figure, value))
    return f"{number:.0f}" if number.is_integer() else f"{number:.3f}"


def show(figures: Sequence[Figure], beside: Sequence[Figure] = (), name: str = "") -> None:
    print(f"  {'figure':<20}{'plan':>9}{'bound':>9}{name:>9}")
    others = [as_number(other) for other in beside] or [""] * len(figures)
    for figure, other in zip(figures, others, strict=True):
        print(f"  {figure.name:<20}{as_number(figure):>9}{as_number(figure, 'bound'):>9}{other:>9}")


def memory() -> str:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return f"peak {own // 1024} MiB here, {largest_child // 1024} MiB in the largest child"


def once(moves: int | None) -> float:
    problem = edition(1)
    solve(edition(1, seed=99), moves=1000)  # warm
    started, used = time.perf_counter(), time.process_time()
    plan = solve(problem, seconds=600, moves=moves)
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    started = time.process_time()
    random_plan, unfilled = greedy(problem)
    print(f"1×: {wall:.1f} s wall, {cpu:.1f} s CPU, {plan.moves:,} moves, {memory()}")
    print(f"  broken rules {len(check_plan(problem, plan.contacts))}; greedy left {unfilled} of 4750 unfilled", end="")
    print(f" and took {time.process_time() - started:.1f} s CPU")
    show(plan.figures, measure(problem, random_plan), "greedy")
    repaired(problem, plan.contacts)
    return cpu


def repaired(problem: PlanningProblem, contacts: Sequence[PlannedContact]) -> None:
    named = tuple(replace(contact, key=f"k{number}") for number, contact in enumerate(contacts))
    weeks = sorted({iso_week(day) for day in problem.days})[:WEEKS_DONE]
    made = tuple(contact for contact in named if iso_week(contact.day) in weeks)
    gone = {shopper.code for shopper in problem.shoppers[:: SHOPPERS // LEAVING][:LEAVING]}
    now = replace(problem, shoppers=tuple(s for s in problem.shoppers if s.code not in gone))
    started, used = time.perf_counter(), time.process_time()
    answer = repair(now, named, frozenset(contact.key for contact in made))
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    broken = check_plan(replace(now, fixed=made), answer.contacts)
    print(f"repair after {LEAVING} of {SHOPPERS} leave in week {WEEKS_DONE}: {wall:.1f} s wall, {cpu:.1f} s CPU")
    print(f"  {len(answer.changes)} changes, lower bound {answer.lower_bound}, broken rules {len(broken)}")
    scratch = solve(replace(now, fixed=made), seconds=600, moves=200_000)
    print(f"  planning the rest from scratch would have changed {len(set(named) - set(scratch.contacts) - set(made))}")
    show(answer.figures, scratch.figures, "anew")


def many(scale: int, processes: int, moves: int | None, alone: float) -> None:
    started = time.perf_counter()
    problem = edition(scale)
    built = time.perf_counter() - started
    before = children_cpu()
    started = time.perf_counter()
    with ProcessPoolExecutor(processes) as pool:
        plan = solve_in_parts(problem, scale, seconds=600, moves=moves, over=pool.map)
    wall = time.perf_counter() - started
    each = (children_cpu() - before) / scale
    print(f"{scale}×: {wall:.1f} s wall on {processes} processes (instance {built:.1f} s), {memory()}")
    print(f"  CPU per part {each:.1f} s = {each / alone:.2f} × the single edition; ", end="")
    print(f"broken rules {len(check_plan(problem, plan.contacts))}")
    show(plan.figures)


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scales", type=int, nargs="*", default=[1, 10], help="times the national edition")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--moves", type=int, default=None, help="search budget per national edition")
    options = parser.parse_args()
    alone = once(options.moves)
    for scale in options.scales:
        if scale > 1:
            many(scale, options.processes, options.moves, alone)


if __name__ == "__main__":
    main()
