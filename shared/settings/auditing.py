"""How strict the audit is, as settings say it: `untouched:off,prompt-long:warning`, and `off,agency=de,acme=us`."""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from shared.settings.values import wrong

Grade = Literal["off", "info", "warning", "critical"]
Region = Literal["off", "de", "at", "ch", "eu", "uk", "us"]


def _grades(value: object) -> object:
    if not isinstance(value, str):
        return value
    grades: dict[str, str] = {}
    for part in value.replace(",", " ").split():
        rule, colon, grade = part.partition(":")
        if not colon or not rule or grade.lower() not in get_args(Grade):
            raise wrong(
                f"has a part that is not rule:{'|'.join(get_args(Grade))}. Write untouched:off,prompt-long:info."
            )
        grades[rule.lower()] = grade.lower()
    return grades


def _regions(value: object) -> object:
    if not isinstance(value, str):
        return value
    regions: dict[str, str] = {}
    for part in value.replace(",", " ").split():
        account, equals, region = part.rpartition("=")
        if region.lower() not in get_args(Region) or (equals and not account) or account in regions:
            raise wrong(f"has a part that is not one of {', '.join(get_args(Region))}, or account=one of them, once.")
        regions[account] = region.lower()
    return regions


Grades = Annotated[Mapping[str, Grade], NoDecode, BeforeValidator(_grades)]
"""Severities by rule."""
Regions = Annotated[Mapping[str, Region], NoDecode, BeforeValidator(_regions)]
"""Regions by account; that of "" is every other account's."""
