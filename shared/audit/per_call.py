"""Which call variables every call brings along, declared or not: what lists of people to call hold of each; pure."""

import re
from functools import lru_cache

from shared.audit.texts import vocabulary

_PEOPLE = vocabulary(
    """
    applicant callee caller candidate client contact customer guest lead member owner participant patient person
    prospect recipient subscriber tenant user anrufer ansprechpartner bewerber bewerberin empfänger gast interessent
    interessentin kontakt kunde kunden kundin mieter mitglied patientin person teilnehmer teilnehmerin
    """
)
_FIELDS = vocabulary(
    """
    name first_name firstname middle_name last_name lastname surname family_name full_name fullname salutation title
    prefix email e_mail mail email_address phone phone_number telephone mobile mobile_number company company_name
    organization organisation job_title position address street street_address house_number zip zip_code zipcode
    postal_code postcode city town state region country language number id vorname nachname familienname zuname
    anrede titel email_adresse e_mail_adresse telefon telefonnummer rufnummer handy handynummer mobilnummer firma
    firmenname unternehmen adresse anschrift strasse straße hausnummer plz postleitzahl ort wohnort stadt bundesland
    land sprache nummer kundenname kundennummer kontaktname patientenname
    """
)
# Of a person, not of whatever else the call is about.
_ONLY_OF_A_PERSON = frozenset({"id", "nummer", "number", "position", "prefix", "region", "state"})
_IDENTIFIERS = vocabulary(
    """
    id ids uuid guid ref reference referenz key source quelle tag utm campaign kampagne crm hubspot
    """
)

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAPS = re.compile(r"[\W_]+")


def words_of(name: str) -> list[str]:
    """The words that a name is made of: customer_name, customerName, Customer Name, customer-name are the same two."""
    return [word for word in _GAPS.split(_HUMPS.sub("_", name).lower()) if word]


@lru_cache(maxsize=256)
def is_per_call(name: str) -> bool:
    """Whether it is a person's name or contact data, which whoever calls knows, such as customer_name or vorname."""
    words = words_of(name)
    if words and words[0] in _PEOPLE:
        return not words[1:] or "_".join(words[1:]) in _FIELDS
    return "_".join(words) in _FIELDS - _ONLY_OF_A_PERSON


def is_identifier(name: str) -> bool:
    """Whether it looks like something for programs alone: crm_id, utm_source."""
    return any(word in _IDENTIFIERS for word in words_of(name))
