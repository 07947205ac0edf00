"""An audit as JUnit XML, which pipelines show as tests: a suite for each account, a test for each assistant; pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from bot.terminal import texts
from bot.translation import Say
from bot.views import changes
from shared.answers import Audited
from shared.audit import Finding
from shared.models import Severity

# What XML 1.0 has no place for: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(audited: Audited, found: Sequence[Finding], say: Say, fail_on: Severity | None) -> str:
    """A test fails by findings that are as severe as `fail_on` (None: by nothing), and tells the others as output.

    An account that gave no answer is a test with an error. Which assistants there are is told by all of them, well or
    not; a record that can't be read is one more.
    """
    root = ET.Element("testsuites", name="famulor-bot audit")
    for origin in audited.origins:
        suite = ET.SubElement(root, "testsuite", name=_clean(origin.account))
        if origin.failure is not None:
            case = ET.SubElement(suite, "testcase", classname=_clean(origin.account), name="Famulor")
            ET.SubElement(case, "error", message=_clean(say.error(origin.failure)), type=type(origin.failure).__name__)
        of_account = sorted((one for one in found if one.account == origin.account), key=_bearer)
        theirs = {bearer: list(those) for bearer, those in groupby(of_account, _bearer)}
        well = {
            (one.id, ""): f"{one.id} {texts.name(one.name, say)}"
            for one in audited.assistants
            if one.account == origin.account
        }
        broken = {bearer: _test_name(those[0], say) for bearer, those in theirs.items()}
        for bearer, name in sorted((well | broken).items()):
            case = ET.SubElement(suite, "testcase", classname=_clean(origin.account), name=_clean(name))
            _judge(case, theirs.get(bearer, []), say, fail_on)
        _count(suite)
    _count(root)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _judge(case: ET.Element, found: Sequence[Finding], say: Say, fail_on: Severity | None) -> None:
    """One failure a test: more is beyond most readers."""
    failing = [one for one in found if fail_on is not None and one.severity.rank >= fail_on.rank]
    others = [one for one in found if one not in failing]
    if failing:
        worst = max((one.severity for one in failing), key=lambda one: one.rank)
        titles = ", ".join(dict.fromkeys(texts.title(one, say) for one in failing))
        failure = ET.SubElement(case, "failure", message=_clean(titles), type=worst.value)
        failure.text = _clean("\n".join(_told(failing, say)))
    if others:
        ET.SubElement(case, "system-out").text = _clean("\n".join(_told(others, say)))


def _told(found: Sequence[Finding], say: Say) -> Iterator[str]:
    for one in found:
        yield f"{changes.severity(one.severity, say)} · {one.rule}: {texts.what(one, say)} {texts.cure(one, say)}"


def _bearer(one: Finding) -> tuple[int, str]:
    """Whose test it is; a record without an id has one of its own."""
    return (0, one.subject) if one.assistant is None else (one.assistant, "")


def _test_name(one: Finding, say: Say) -> str:
    if one.assistant is None:
        return f"{texts.bearer(one, say)} {one.subject}"
    return f"{one.assistant} {texts.name(one.name, say) if one.name else texts.bearer(one, say)}"


def _count(element: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(name, str(sum(1 for _one in element.iter(tag))))


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
