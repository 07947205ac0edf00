"""What is wrong with an assistant before it calls anyone: a table of small, pure rules, and what they find."""

from shared.audit.audit import Audit, Ignored, audit, of_assistant
from shared.audit.finding import Evidence, Finding, Ignore, Rule, Words
from shared.audit.ground import Ground
from shared.audit.policy import Policy
from shared.audit.reach import Reach, Reached
from shared.audit.rules import RULES, UNREADABLE

__all__ = [
    "RULES",
    "UNREADABLE",
    "Audit",
    "Evidence",
    "Finding",
    "Ground",
    "Ignore",
    "Ignored",
    "Policy",
    "Reach",
    "Reached",
    "Rule",
    "Words",
    "audit",
    "of_assistant",
]
