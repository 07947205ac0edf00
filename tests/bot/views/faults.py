"""Whatever the audit may have found, with short and endless facts."""

from datetime import UTC, datetime
from string import Formatter

from hypothesis import strategies as st

from shared.audit import RULES, UNREADABLE, Audit, Finding, Ignore, Ignored
from shared.models import Severity

texts = st.text(max_size=20) | st.sampled_from(
    ["", "&" * 300, "*" * 300, "<!channel>" * 500, "x" * 20_000, "\n\n", "@a :b: _c_" * 99, "{a}" * 99, "\u202e"]
)
numbers = st.integers(1, 2**63 - 1)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    rule = draw(st.sampled_from(list(RULES.values())))
    return Finding(
        account=draw(st.sampled_from(["one", "two"])),
        assistant=draw(st.none() | numbers if rule is UNREADABLE else numbers),
        name="" if rule is UNREADABLE else draw(texts),
        rule=rule.id,
        severity=draw(st.sampled_from(Severity)),
        subject=draw(texts),
        facts={
            field: draw(texts)
            for _text, field, _form, _kind in Formatter().parse("".join((*rule.what, *rule.cure)))
            if field is not None
        },
    )


decisions = st.builds(
    Ignore,
    account=st.sampled_from(["one", "two"]),
    assistant=numbers,
    rule=st.sampled_from([*RULES, "gone"]),
    reason=texts,
    by=st.just("U012AB3CD"),
    at=st.just(datetime(2026, 3, 1, 12, tzinfo=UTC)),
)


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    found = tuple(draw(st.lists(findings(), max_size=12, unique_by=lambda one: one.key)))
    ignored = tuple(draw(st.lists(st.builds(Ignored, findings(), decisions), max_size=12)))
    return Audit.together([Audit(found, ignored, assistants=30, ready=draw(st.integers(0, 30)))])
