"""The table of all rules, in the order in which findings of the same severity are told."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.audit import configuration, copies, greeting, prompt, region, secrets, variables, webhook
from shared.audit.finding import Rule
from shared.audit.unreadable import UNREADABLE

__all__ = ["RULES", "UNREADABLE"]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for module in (secrets, prompt, greeting, variables, webhook, configuration, copies, region)
        for rule in module.RULES
    }
    | {UNREADABLE.id: UNREADABLE}
)
"""Every rule by its id. What can't be read is no assistant: UNREADABLE finds nothing in one."""
