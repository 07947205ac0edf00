"""How often accounts are polled and how long history is kept can be set, within reason."""

import pytest
from pydantic import ValidationError

from shared.demo import DEMO_KEY
from shared.settings import Settings, from_arguments


@pytest.mark.parametrize(
    "wrong", [{"watch_interval": 0.9}, {"watch_interval": float("nan")}, {"watch_interval": 1e6}, {"history_days": 0}]
)
def test_an_interval_below_a_second_and_no_history_at_all_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        from_arguments(Settings, famulor_api_key=DEMO_KEY, **wrong)
