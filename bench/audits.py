"""How long the audit of a large account takes: `python -m bench.audits [ASSISTANTS]`."""

import argparse
import cProfile
import pstats
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from bench.rows import Aim, Row
from bench.tables import table
from shared.audit import Ground, audit
from shared.demo import demo_assistants, many_assistants
from shared.demo.assistants import demo_languages, demo_voices
from shared.famulor import wire
from shared.models import Language, Names, Voice
from shared.variables import uses

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUNDS = 5
PROMPT_BYTES = 3000
ASSISTANTS = 5000
AIM = Aim(2, "≤", "s")


def account(count: int, region: str = "") -> Ground:
    """So many assistants, each with a prompt of its own of 3 KB, written as people write them."""
    prompts = [record["system_prompt"] for record in demo_assistants()]
    records = many_assistants(count, PROMPT_BYTES)
    for number, record in enumerate(records):
        # The demo's prompts one after another, each assistant from another one on, and each different from all others.
        text = "\n\n".join(prompts[(number + step) % len(prompts)] for step in range(4))
        own = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        record["system_prompt"] = f"# {own}\n{text}".encode()[:PROMPT_BYTES].decode(errors="ignore")
        record["variables"] = {use.name: "" for use in uses(record["system_prompt"]) if not use.system}
    assistants, _rejected = wire.assistants(records, "default")
    names = Names(languages=wire.by_id(demo_languages(), Language), voices=wire.by_id(demo_voices(), Voice))
    return Ground("default", assistants, names, NOW, region=region)


def seconds(ground: Ground, rounds: int) -> list[float]:
    """The processor time of so many audits, each from the beginning."""
    taken = []
    for _round in range(rounds):
        # What is remembered of an account is remembered by its ground.
        fresh = replace(ground)
        began = time.process_time()
        audit(fresh)
        taken.append(time.process_time() - began)
    return taken


def rows(rounds: int) -> list[Row]:
    """A row of the performance table."""
    return [Row(f"audit of {ASSISTANTS:,} assistants", "s", seconds(account(ASSISTANTS), rounds), aim=AIM)]


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assistants", nargs="?", type=int, default=ASSISTANTS)
    parser.add_argument("--region", default="", help="whose rules for calls to be reminded of: de, us …")
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead")
    arguments = parser.parse_args()
    ground = account(arguments.assistants, arguments.region)
    if arguments.profile:
        with cProfile.Profile() as profile:
            audit(ground)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    taken = seconds(ground, ROUNDS)
    found = audit(ground).findings
    rows = [[f"{arguments.assistants:,}", f"{median(taken):.2f}", f"{min(taken):.2f}", f"{len(found):,}"]]
    sys.stdout.write(table(["assistants", "seconds, median", "best", "findings"], rows) + "\n\n")
    sys.stdout.write(f"{Counter(one.rule for one in found).most_common()}\n")


if __name__ == "__main__":
    main()
