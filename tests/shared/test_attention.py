"""Which accounts somebody should look at, and what a summary counts."""

from typing import Any

from shared.answers import Origin, Summary
from shared.attention import Attention, Concern
from shared.audit import Audit
from shared.errors import TimedOut
from shared.models import Assistant
from tests.clocks import ManualClock


def assistant(number: int, **fields: Any) -> Assistant:
    given = {"account": "default", "id": number, "name": "A", "mode": "pipeline", "status": "active"}
    return Assistant.model_validate(given | fields)


def test_accounts_without_data_come_before_those_with_stale_data_and_all_others_need_nothing() -> None:
    clock = ManualClock()
    failure = TimedOut(host="x.example.com", evidence="3 s")
    origins = (
        Origin("fine", clock.now(), 0, 0, (), None),
        Origin("default", clock.now(), 300, 3, (), failure),
        Origin("agency", None, 0, 0, (), failure),
    )
    rows = [assistant(1), assistant(2, mode="dualplex"), assistant(3, status="inactive")]
    audit = Audit((), (), assistants=3, ready=3)
    summary = Summary.of_all(rows, origins, audit)
    assert summary.attention == (
        Attention(Concern.NO_DATA, "agency", failure),
        Attention(Concern.STALE, "default", failure),
    )
    assert (summary.of, list(summary.statuses.items())) == (3, [("active", 2), ("inactive", 1)])
    assert list(summary.modes.items()) == [("pipeline", 2), ("dualplex", 1)]
    assert (summary.origins, summary.audit) == (origins, audit)
