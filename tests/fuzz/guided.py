"""One target led by the branches that the code takes: `python -m tests.fuzz.guided MODULE TARGET SECONDS OPTION…`."""

import importlib
import os
import random
import sys
import time
import traceback
from collections.abc import Sequence

SHORTEST, LONGEST = 16, 16_384
"""Bytes of which hypothesis makes a text; of fewer it makes none."""


def main(module: str, name: str, seconds: float, options: Sequence[str]) -> None:
    """Ends the process; with status 0 where the time was over before anything broke. The options are libFuzzer's."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["bot", "mcp_server", "shared"]):
        test = getattr(importlib.import_module(f"tests.fuzz.{module}"), name)
    made, over = 0, time.monotonic() + seconds

    def target(drawn: bytes) -> None:
        nonlocal made
        try:
            made += test.hypothesis.fuzz_one_input(drawn) is not None
        except BaseException as error:
            print(f"Broken by {_given(error, name)}", flush=True)  # noqa: T201 # the file kept has the bytes alone
            raise
        if time.monotonic() > over:
            print(f"made: {made}", flush=True)  # noqa: T201 # read by who started it
            # libFuzzer takes every other way out for a crash.
            os._exit(0)

    def mutated(drawn: bytes, longest: int, seed: int) -> bytes:
        """Half of them anew: libFuzzer begins with a few bytes and goes on slowly, which make hardly a text."""
        chance = random.Random(seed)  # noqa: S311 # no secret
        if chance.random() < 0.5:
            return chance.randbytes(min(longest, int(SHORTEST * (LONGEST / SHORTEST) ** chance.random())))
        return bytes(atheris.Mutate(drawn, longest))

    limits = (f"-max_len={LONGEST}", "-len_control=0")
    atheris.Setup([sys.argv[0], *limits, *options], target, custom_mutator=mutated)
    atheris.Fuzz()


def _given(error: BaseException, name: str) -> dict[str, object]:
    """What the test was called with."""
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_name == name]
    return dict(frames[-1].f_locals) if frames else {}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:])
