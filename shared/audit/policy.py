"""How strict the audit is: rules switched off or graded anew, and whose law an account wants to be reminded of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from shared.errors import SettingsError
from shared.models import Severity
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say of the audit.

    `grades`: a rule's severity instead of its own, None where it is switched off. `regions` by account; `region` is
    every other's, "" for none.
    """

    grades: Mapping[str, Severity | None] = field(default_factory=dict)
    region: str = ""
    regions: Mapping[str, str] = field(default_factory=dict)

    def region_of(self, account: str) -> str:
        """Whose law this account wants to be reminded of; "" for none."""
        return self.regions.get(account, self.region)

    @classmethod
    def of(cls, settings: Settings, rules: Collection[str]) -> Self:
        """The policy of these settings. Raises SettingsError where they name a rule or an account that there isn't."""
        accounts = [account.name for account in settings.accounts]
        unknown = {
            "AUDIT_RULES": (settings.audit_rules.keys() - set(rules), "rule", rules),
            "AUDIT_REGION": (settings.audit_region.keys() - {"", *accounts}, "account", accounts),
        }
        problems = [
            f"{name}: there is no {noun} “{one}”. There are: {', '.join(sorted(known))}."
            for name, (those, noun, known) in unknown.items()
            for one in sorted(those)
        ]
        if problems:
            raise SettingsError(problems)
        regions = {account: "" if one == "off" else one for account, one in settings.audit_region.items()}
        return cls(
            grades={rule: None if grade == "off" else Severity(grade) for rule, grade in settings.audit_rules.items()},
            region=regions.pop("", ""),
            regions=regions,
        )
