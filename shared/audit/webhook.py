"""Rules about webhooks: where the data of a call goes when it has ended."""

from collections.abc import Iterator

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.hosts import Target, is_inner, target
from shared.models import Assistant, Severity, WebhookState

AGREE = 3
"""How many others have to send to one host before another host is worth a word."""
_SHOWN = 60
"""Characters of upstream's text in a finding."""


def _without_url(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if assistant.is_webhook_active and not assistant.webhook_url.strip():
        yield Evidence()


def _switched_off(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if assistant.webhook_url.strip() and not assistant.is_webhook_active:
        leads_to = target(assistant.webhook_url)
        yield Evidence(facts={"host": leads_to.host[:_SHOWN] if leads_to else "?"})


def _malformed(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if _sends(assistant) and target(assistant.webhook_url) is None:
        yield Evidence()


def _not_https(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    leads_to = _target(assistant)
    if leads_to is not None and leads_to.scheme != "https":
        yield Evidence(facts={"scheme": leads_to.scheme[:_SHOWN], "host": leads_to.host[:_SHOWN]})


def _private(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    leads_to = _target(assistant)
    if leads_to is not None and is_inner(leads_to.host):
        yield Evidence(facts={"host": leads_to.host[:_SHOWN]})


def _credentials(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    leads_to = target(assistant.webhook_url)
    if leads_to is not None and leads_to.credentials:
        yield Evidence(facts={"host": leads_to.host[:_SHOWN]})


def _token(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    leads_to = target(assistant.webhook_url)
    if leads_to is not None and leads_to.secrets:
        yield Evidence(facts={"parameter": leads_to.secrets[0][:_SHOWN]})


def _odd_host(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    leads_to = _target(assistant)
    if leads_to is None or not ground.webhook_hosts:
        return
    usual, agreed = next(iter(ground.webhook_hosts.items()))
    others = sum(ground.webhook_hosts.values()) - 1
    # Where assistants send to many hosts, as an agency's do, none of them is odd.
    if ground.webhook_hosts.get(leads_to.host) == 1 and agreed >= AGREE and 2 * agreed > others:
        yield Evidence(
            facts={
                "host": leads_to.host[:_SHOWN],
                "usual": usual[:_SHOWN],
                "agreed": str(agreed),
                "others": str(others),
            }
        )


def _unreachable(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    reached = ground.reached.get(assistant.webhook_url) if _sends(assistant) else None
    leads_to = _target(assistant)
    if reached is not None and not reached.well:
        yield Evidence(facts={"host": leads_to.host[:_SHOWN] if leads_to else "?", "answer": str(reached)})


def _sends(assistant: Assistant) -> bool:
    return assistant.webhook is WebhookState.ON and bool(assistant.webhook_url.strip())


def _target(assistant: Assistant) -> Target | None:
    """Where it sends now; None where it doesn't, or nobody can say where."""
    return target(assistant.webhook_url) if _sends(assistant) else None


RULES: tuple[Rule, ...] = (
    Rule(
        id="webhook-no-url",
        severity=Severity.WARNING,
        title=Words("Webhook without URL", "Webhook ohne URL"),
        what=Words(
            "The webhook is switched on, but has no URL: the results of calls go nowhere.",
            "Der Webhook ist eingeschaltet, hat aber keine URL: Die Ergebnisse der Anrufe gehen nirgendwohin.",
        ),
        cure=Words("Enter the URL, or switch the webhook off.", "Die URL eintragen oder den Webhook ausschalten."),
        check=_without_url,
    ),
    Rule(
        id="webhook-malformed",
        severity=Severity.WARNING,
        title=Words("Webhook URL is no URL", "Webhook-URL ist keine URL"),
        what=Words(
            "The webhook's address is no complete URL: the results of calls go nowhere.",
            "Die Adresse des Webhooks ist keine vollständige URL: Die Ergebnisse der Anrufe gehen nirgendwohin.",
        ),
        cure=Words(
            "Write it out, from https:// on and without spaces.",
            "Die Adresse ausschreiben, beginnend mit https:// und ohne Leerzeichen.",
        ),
        check=_malformed,
    ),
    Rule(
        id="webhook-private",
        severity=Severity.WARNING,
        title=Words("Webhook to a private address", "Webhook an eine private Adresse"),
        what=Words(
            "The webhook leads to {host}, which can't be reached from the internet.",
            "Der Webhook führt zu {host}; das ist aus dem Internet nicht erreichbar.",
        ),
        cure=Words(
            "Enter an address that Famulor can reach; for trying out, one of a tunnel.",
            "Eine Adresse eintragen, die Famulor erreichen kann; zum Ausprobieren die eines Tunnels.",
        ),
        check=_private,
    ),
    Rule(
        id="webhook-unreachable",
        severity=Severity.WARNING,
        title=Words("Webhook does not answer", "Webhook antwortet nicht"),
        what=Words(
            "When it was tried just now, {host} could not be reached as it should ({answer}).",
            "Beim Versuch eben war {host} nicht so erreichbar, wie es sein sollte ({answer}).",
        ),
        cure=Words(
            "Check that the receiver runs, that its name is right and its certificate valid.",
            "Prüfen, ob der Empfänger läuft, ob sein Name stimmt und ob sein Zertifikat gültig ist.",
        ),
        check=_unreachable,
    ),
    Rule(
        id="webhook-not-https",
        severity=Severity.WARNING,
        title=Words("Webhook without encryption", "Webhook ohne Verschlüsselung"),
        what=Words(
            "The webhook URL begins with {scheme}://: numbers and transcripts go to {host} where others can read them.",
            "Die Webhook-URL beginnt mit {scheme}://: "
            "Nummern und Transkripte gehen so an {host}, dass andere mitlesen können.",
        ),
        cure=Words("Use the receiver's https:// address.", "Die https://-Adresse des Empfängers verwenden."),
        check=_not_https,
    ),
    Rule(
        id="webhook-credentials",
        severity=Severity.WARNING,
        title=Words("Password in the webhook URL", "Passwort in der Webhook-URL"),
        what=Words(
            "The webhook URL for {host} carries a user name or a password, which everybody who may see it can read.",
            "Die Webhook-URL für {host} enthält einen Benutzernamen oder ein Passwort; "
            "beides ist für alle lesbar, die sie sehen dürfen.",
        ),
        cure=Words(
            "Change the password, and use an address of the receiver's with an unguessable path instead.",
            "Das Passwort ändern und stattdessen eine Adresse des Empfängers mit nicht erratbarem Pfad verwenden.",
        ),
        check=_credentials,
    ),
    Rule(
        id="webhook-token",
        severity=Severity.INFO,
        title=Words("Token in the webhook URL", "Token in der Webhook-URL"),
        what=Words(
            "The webhook URL carries a secret in its parameter “{parameter}”; parameters end up in many logs.",
            "Die Webhook-URL enthält im Parameter „{parameter}“ ein Geheimnis; Parameter landen in vielen Protokollen.",
        ),
        cure=Words(
            "Where the receiver can do it, put the secret into the path, and use a new one for each assistant.",
            "Wenn der Empfänger es kann, das Geheimnis in den Pfad setzen und je Assistent ein neues verwenden.",
        ),
        check=_token,
    ),
    Rule(
        id="webhook-odd-host",
        severity=Severity.INFO,
        title=Words("Webhook to another host than all others", "Webhook an einen anderen Host als alle anderen"),
        what=Words(
            "The webhook leads to {host}, as no other one does; {agreed} of {others} others lead to {usual}.",
            "Der Webhook führt als einziger zu {host}; {agreed} von {others} anderen führen zu {usual}.",
        ),
        cure=Words(
            "Check that {host} is where the data is meant to go; if it is, ignore this rule for the assistant.",
            "Prüfen, ob die Daten zu {host} sollen; wenn ja, diese Regel für den Assistenten ignorieren.",
        ),
        check=_odd_host,
        compares=True,
    ),
    Rule(
        id="webhook-off",
        severity=Severity.INFO,
        title=Words("Webhook switched off", "Webhook ausgeschaltet"),
        what=Words(
            "There is a webhook URL for {host}, but the webhook is switched off: the results of calls stay in Famulor.",
            "Es gibt eine Webhook-URL für {host}, aber der Webhook ist ausgeschaltet: "
            "Die Ergebnisse der Anrufe bleiben in Famulor.",
        ),
        cure=Words(
            "Switch the webhook on, or remove the URL if it is not needed any more.",
            "Den Webhook einschalten oder die URL entfernen, wenn sie nicht mehr gebraucht wird.",
        ),
        check=_switched_off,
    ),
)
