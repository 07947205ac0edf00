"""The measurement of growth: its exponents are those of the figures, and every figure is there."""

from pathlib import Path

import pytest

from bench import growth


def test_the_exponent_is_that_of_the_power_that_the_figures_follow() -> None:
    figures = {count: {"what": [5.0 * count**2, 3.0 * count, 7.0]} for count in (10, 100, 1_000)}
    assert growth.exponents(figures, "what") == pytest.approx([2, 1, 0], abs=1e-9)


def test_assistants_and_accounts_are_measured_and_drawn(tmp_path: Path) -> None:
    parts = {
        "assistants": {count: growth.of_assistants(count, 1) for count in (2, 4)},
        "accounts": {count: growth.of_accounts(count, 1) for count in (1, 3)},
    }
    found = growth.rows_of(parts)
    assert [row.what for row in found if row.aim] == [
        f"{what}: exponent of {sizes}"
        for sizes, whats in (
            ("2 to 4 assistants", ("fetch and validate", "first page of a query", "poll", "memory")),
            ("1 to 3 accounts", ("look for what is due", "tick, each account", "memory")),
        )
        for what in whats
    ]
    times = [row for row in found if row.unit == "ms"]
    assert all(one > 0 for row in times for one in row.ours)
    growth.drawn(parts, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")
