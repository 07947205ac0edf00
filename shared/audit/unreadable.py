"""The rule for records that could not be read: the list has set them aside before any other rule could look."""

from shared.audit.finding import Rule, Words
from shared.models import Severity

UNREADABLE = Rule(
    id="unreadable",
    severity=Severity.WARNING,
    title=Words("A record can't be read", "Ein Datensatz ist nicht lesbar"),
    what=Words(
        "Record no. {position} can't be read: {field} {reason}",
        "Datensatz Nr. {position} ist nicht lesbar: {field} {reason}",
    ),
    cure=Words(
        "Open the assistant in Famulor and save it again; if that does not help, tell Famulor's support.",
        "Den Assistenten in Famulor öffnen und neu speichern; hilft das nicht, den Support von Famulor fragen.",
    ),
    check=lambda _assistant, _ground: (),
)
