"""The table of rules: whole in both languages, explained in docs/audit.md, and how precise it is on the corpus."""

import re
import string
from collections import defaultdict
from pathlib import Path

from bench.tables import table
from shared.audit import RULES
from shared.audit.finding import TONGUES
from tests.shared.audit.labelled import configurations, precision, summary, total

DOCUMENT = Path(__file__).parents[3] / "docs" / "audit.md"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _fields(template: str) -> set[str]:
    return {field for _text, field, _spec, _conversion in string.Formatter().parse(template) if field is not None}


def test_every_rule_has_its_words_in_both_languages() -> None:
    for name, rule in RULES.items():
        assert name == rule.id
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert rule.anchor == f"docs/audit.md#{name}"
        for words in (rule.title, rule.what, rule.cure):
            assert words.en.strip() == words.en != words.de == words.de.strip()
            # German puts its quotes elsewhere, and the facts that are words have one name in each language.
            assert "“" not in words.de or "„" in words.de
            neutral = [{re.sub("_(en|de)$", "", field) for field in _fields(text)} for text in words]
            assert neutral[0] == neutral[1], name
            for tongue, text in zip(TONGUES, words, strict=True):
                others = {field for field in _fields(text) if re.search("_(en|de)$", field)}
                assert all(field.endswith(f"_{tongue}") for field in others), name
        assert not _fields(rule.title.en)
        assert all(text.endswith((".", ".)")) for text in rule.cure)
    assert len({rule.title for rule in RULES.values()}) == len(RULES)


def test_the_document_explains_every_rule_under_its_name_and_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    pieces = re.split(r"^#### (.+)$", text.partition("\n## Precision\n")[0], flags=re.MULTILINE)[1:]
    explained = dict(zip(pieces[::2], pieces[1::2], strict=True))
    assert list(explained) == list(RULES)
    for name, explanation in explained.items():
        rule = RULES[name]
        head, why, cure = re.split(r"\n\n", re.split(r"^### ", explanation, flags=re.MULTILINE)[0].strip())
        assert head == f"**{rule.title.en}** · **{rule.title.de}** · {rule.severity.value}"
        assert _in_one_line(cure) == f"Cure: {rule.cure.en.format_map(defaultdict(lambda: '…'))}"
        assert len(why) > len("Why?")


def test_the_corpus_is_large_half_of_it_is_faultless_and_every_rule_has_something_to_find() -> None:
    labels = [one.right for one in configurations()]
    assert len(labels) >= 60
    assert 2 * sum(not right for right in labels) >= len(labels)
    assert set().union(*labels) == RULES.keys()


def test_the_document_says_how_precise_the_audit_is() -> None:
    measured = precision()
    rows = [[f"[{rule}](#{rule})", *map(str, measured[rule])] for rule in RULES]
    expected = table(["rule", "found", "right", "missed"], [*rows, ["all", *map(str, total(measured))]])
    text = DOCUMENT.read_text(encoding="utf-8").partition("\n## Precision\n")[2]
    assert summary() in _in_one_line(text)
    assert expected in text
