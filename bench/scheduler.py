"""How late polls are when replicas share many accounts: `python -m bench.scheduler --accounts 100000 --replicas 8`.

Time is virtual, and nothing is asked: what decides is the watch's own `next_due`, its claims (so many at once, the
longest due first, a look every so often) and what one process can do, which `python -m bench.polling` measures.
"""

import argparse
import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.tables import table
from shared.watch import Rhythm, next_due
from shared.watch.schedule import JITTER
from shared.watch.watch import AT_ONCE, PACE

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
LEASE = Rhythm().lease
PERCENTILES = (50, 90, 99, 99.9)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played through.

    `polls_a_second`: what one process computes; `latency`: the mean seconds until Famulor answers (exponentially
    spread); `failing`: the part of polls that fail; `killed`: how many replicas die in the middle of it, with leases
    that nobody gives back. `warm_up` and `measured` are seconds of virtual time.
    """

    accounts: int
    replicas: int
    interval: float = 60
    polls_a_second: float = 30
    latency: float = 0.3
    failing: float = 0.0
    killed: int = 0
    at_once: int = AT_ONCE
    pace: float = PACE
    lease: float = LEASE
    warm_up: float = 300
    measured: float = 600
    seed: int = 1


@dataclass(slots=True)
class Outcome:
    """What came of it: seconds from due to claimed of each poll that was claimed after the warm-up.

    `waiting` accounts were due and unclaimed at the end; `claims` (most of which bring several accounts, or none) are
    what the database was asked.
    """

    lags: list[float] = field(default_factory=list)
    claims: int = 0
    waiting: int = 0

    def percentile(self, percent: float) -> float:
        """The lag that so many percent of the polls stayed within; 0 where there was none."""
        ordered = sorted(self.lags)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class _Replica:
    """A process: when each of its polls under way ends, and when it has computed all that it has taken on."""

    ends: list[float] = field(default_factory=list)
    busy_until: float = 0.0


class _Simulation:
    """Looks in the order of their time. What a poll comes to is played when it begins.

    So every account stands in `_free`, with the time from which it may be claimed: it is due then, or a lease is over.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._random = random.Random(plan.seed)  # noqa: S311 # not a secret
        self._failures = [0] * plan.accounts
        # Everything is due at once, as after an outage: the worst beginning.
        self._due = [0.0] * plan.accounts
        self._free = [(0.0, account) for account in range(plan.accounts)]
        self._replicas = [_Replica() for _ in range(plan.replicas)]
        self._looks = [(self._random.random() * plan.pace, number) for number in range(plan.replicas)]
        heapq.heapify(self._looks)
        self.outcome = Outcome()

    def run(self) -> None:
        plan = self._plan
        end = plan.warm_up + plan.measured
        dead = plan.warm_up + plan.measured / 2
        while self._looks and self._looks[0][0] < end:
            now, number = heapq.heappop(self._looks)
            if number < plan.killed and now >= dead:
                continue
            self._look(now, number, dies_at=dead if number < plan.killed else end + plan.lease)
            heapq.heappush(self._looks, (now + plan.pace, number))
        self.outcome.waiting = sum(self._due[account] < end and free <= end for free, account in self._free)

    def _look(self, now: float, number: int, dies_at: float) -> None:
        replica, counted = self._replicas[number], now >= self._plan.warm_up
        replica.ends = [end for end in replica.ends if end > now]
        free = self._plan.at_once - len(replica.ends)
        if free <= 0:
            return
        self.outcome.claims += counted
        claimed: list[tuple[float, int]] = []
        while len(claimed) < free and self._free[0][0] <= now:
            _free, account = heapq.heappop(self._free)
            claimed.append((now + self._random.expovariate(1 / self._plan.latency), account))
            if counted:
                self.outcome.lags.append(now - self._due[account])
        # Computed in the order in which the answers come.
        for answered, account in sorted(claimed):
            self._poll(now, answered, account, replica, dies_at)

    def _poll(self, now: float, answered: float, account: int, replica: _Replica, dies_at: float) -> None:
        plan = self._plan
        replica.busy_until = max(replica.busy_until, answered) + 1 / plan.polls_a_second
        replica.ends.append(replica.busy_until)
        if replica.busy_until > dies_at:
            heapq.heappush(self._free, (now + plan.lease, account))
            return
        failed = self._random.random() < plan.failing
        self._failures[account] = self._failures[account] + 1 if failed else 0
        due = next_due(BEGAN + timedelta(seconds=now), plan.interval, self._failures[account], self._random.random)
        self._due[account] = (due - BEGAN).total_seconds()
        heapq.heappush(self._free, (max(self._due[account], replica.busy_until), account))


def simulate(plan: Plan) -> Outcome:
    """Play the plan through."""
    simulation = _Simulation(plan)
    simulation.run()
    return simulation.outcome


def report(plan: Plan, outcome: Outcome) -> str:
    """What came of it, in lines."""
    needed = plan.accounts / (plan.interval * (1 - JITTER / 2))
    polls = len(outcome.lags) / plan.measured
    rows: Sequence[tuple[str, str]] = [
        ("polls a second wanted, about", f"{needed:,.0f}"),
        ("polls a second made", f"{polls:,.0f}"),
        ("claims a second", f"{outcome.claims / plan.measured:,.1f}"),
        *((f"lag, {percent:g} % within", f"{outcome.percentile(percent):,.2f} s") for percent in PERCENTILES),
        ("lag, the longest", f"{max(outcome.lags, default=0):,.2f} s"),
        ("due and unclaimed at the end", f"{outcome.waiting:,}"),
    ]
    head = f"{plan.accounts:,} accounts, {plan.replicas} replicas, every {plan.interval:g} s"
    return table((head, ""), rows)


def main() -> None:
    """Play what the command line says through, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scheduler", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--replicas", type=int, default=8)
    parser.add_argument("--interval", type=float, default=60, help="WATCH_INTERVAL (default: %(default)s)")
    parser.add_argument("--polls-a-second", type=float, default=30, help="of one process (default: %(default)s)")
    parser.add_argument("--latency", type=float, default=0.3, help="seconds until an answer (default: %(default)s)")
    parser.add_argument("--failing", type=float, default=0.0, help="part of the polls that fail (default: %(default)s)")
    parser.add_argument("--killed", type=int, default=0, help="replicas that die on the way (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="polls of one process (default: %(default)s)")
    parser.add_argument("--measured", type=float, default=600, help="virtual seconds (default: %(default)s)")
    parser.add_argument("--warm-up", type=float, default=300, help="virtual seconds before (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same one plays the same (default: %(default)s)")
    plan = Plan(**vars(parser.parse_args()))
    print(report(plan, simulate(plan)))  # noqa: T201 # what it is for


if __name__ == "__main__":
    main()
