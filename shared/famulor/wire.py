"""Bodies as Famulor sends them → our models; one bad record never costs the others."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Required, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError, from_json
from typing_extensions import TypedDict

from shared.errors import AnswerTruncated, NotJson, UnexpectedShape
from shared.models import Assistant, Language, Owner, Rejected, Voice

Named = TypeVar("Named", Language, Voice)


def list_of_records(body: bytes, path: str) -> Sequence[object]:
    """The records of a bare array or of `{"data": [...]}`: Famulor's reference shows both."""
    document = _parse(body, path)
    records = document.get("data") if isinstance(document, dict) else document
    if not isinstance(records, list):
        raise UnexpectedShape(path=path, evidence="a list of records was expected")
    return records


def owner(body: bytes, path: str) -> Owner:
    """Whose key this is."""
    document = _parse(body, path)
    try:
        return Owner.model_validate(_known(document, Owner))
    except ValidationError as error:
        field, reason = _first_problem(error)
        raise UnexpectedShape(path=path, evidence=f"{field}: {reason}") from error


def by_id(records: Sequence[object], kind: type[Named]) -> Mapping[int, Named]:
    """Languages or voices by id. A record that can't be read is left out: its id is shown instead of a name."""
    found: dict[int, Named] = {}
    for record in records:
        try:
            entry = kind.model_validate(_known(record, kind))
        except ValidationError:
            continue
        found[entry.id] = entry
    return found


def _known(record: object, kind: type[BaseModel]) -> object:
    """The fields that we use, without nulls; what is no object stays as it is, for the model to refuse."""
    if not isinstance(record, dict):
        return record
    return {name: value for name, value in record.items() if name in kind.model_fields and value is not None}


def assistants(records: Sequence[object], account: str) -> tuple[tuple[Assistant, ...], tuple[Rejected, ...]]:
    """Those that could be read, in Famulor's order, and those that could not or that repeat an id."""
    read: dict[int, Assistant] = {}
    rejected: list[Rejected] = []
    for position, record in enumerate(records, 1):
        try:
            assistant = _assistant(_read(record), account)
        except ValidationError as error:
            field, reason = _first_problem(error)
            rejected.append(Rejected(position=position, id=_id_of(record), field=field, reason=reason))
            continue
        if assistant.id in read:
            rejected.append(
                Rejected(
                    position=position, id=assistant.id, field="id", reason="another record before it has the same id"
                )
            )
            continue
        read[assistant.id] = assistant
    return tuple(read.values()), tuple(rejected)


def _not_a_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("wrong", "Input should be a number")
    return value


def _object_for_empty_list(value: object) -> object:
    """PHP has one empty array for both."""
    return {} if value is None or value == [] else value


def _in_utc(moment: datetime) -> datetime:
    """Famulor's dates are UTC, also where they don't say so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# What nearly every record has comes first in a union: pydantic then takes it without calling a function of ours.
_FIRST = Field(union_mode="left_to_right")
_RANGE = Field(gt=0, lt=2**63)
"""Numbers that every database and JSON reader can hold."""
# "42" is read as 42.
Id = Annotated[
    Annotated[int, Strict(), _RANGE] | Annotated[int, BeforeValidator(_not_a_boolean), _RANGE],
    _FIRST,
]
Text = Annotated[str | Annotated[None, AfterValidator(lambda _null: "")], _FIRST]
Truth = Annotated[bool | Annotated[None, AfterValidator(lambda _null: False)], _FIRST]
Date = Annotated[datetime, AfterValidator(_in_utc)]


_FINITE = ConfigDict(allow_inf_nan=False)


class _Record(TypedDict, total=False):
    """One assistant as Famulor sends it, with the quirks of a PHP back end; unknown fields stay as they are.

    No model: that would be made five thousand times, only to be taken apart again.
    """

    __pydantic_config__ = ConfigDict(extra="allow", **_FINITE)  # type: ignore[misc] # pydantic's own way

    id: Required[Id]
    user_id: Id | None
    name: Required[str]
    type: Text
    mode: Required[str]
    status: Required[str]
    voice_id: Id | None
    language_id: Id | None
    timezone: Text
    initial_message: Text
    system_prompt: Text
    variables: Annotated[dict[str, JsonValue], BeforeValidator(_object_for_empty_list)]
    webhook_url: Text
    is_webhook_active: Truth
    created_at: Date | None
    updated_at: Date | None


_read = TypeAdapter(_Record).validator.validate_python
_EXTRA: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue], config=_FINITE)
_KNOWN = frozenset(_Record.__annotations__)
_BLANK = Assistant(account="", id=0, name="", mode="", status="")
_DEFAULTS = dict(_BLANK)
_STATE = {**_BLANK.__getstate__(), "__pydantic_fields_set__": set(Assistant.model_fields)}


def _assistant(record: dict[str, Any], account: str) -> Assistant:
    """The assistant of a record that has been read. Raises ValidationError where its further fields are no JSON."""
    further = () if _KNOWN.issuperset(record) else record.keys() - _KNOWN
    extra = {name: record.pop(name) for name in further}
    record["extra"] = _EXTRA.validate_python(extra) if extra else {}
    record["account"] = account
    # All of it has been validated, and once is enough: it is brought back as `pickle` would bring it back.
    assistant = Assistant.__new__(Assistant)
    assistant.__setstate__(_STATE | {"__dict__": _DEFAULTS | record})
    return assistant


_ID: TypeAdapter[int] = TypeAdapter(Id)


def _id_of(record: object) -> int | None:
    """The id of a record that can't be read as a whole, where at least that can."""
    try:
        return _ID.validate_python(record.get("id") if isinstance(record, dict) else None)
    except ValidationError:
        return None


def _first_problem(error: ValidationError) -> tuple[str, str]:
    """The field and the reason, without the value: it is somebody's data."""
    detail = error.errors(include_input=False, include_url=False, include_context=False)[0]
    reason = detail["msg"] if detail["loc"] else "should be an object"
    return "".join(map(str, detail["loc"][:1])), reason.replace("Input should", "should")


def _parse(body: bytes, path: str) -> Any:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as strict:
        if "EOF while parsing" in str(strict):
            raise AnswerTruncated(evidence="its JSON is not finished") from strict
    # Python's own parser also takes what is seen in the wild: a byte order mark, NaN, and halves of emoji that
    # somebody cut off. Written anew, all of it is JSON that anyone would take from us again.
    try:
        document = json.loads(body, parse_constant=lambda _name: None)
        return from_json(json.dumps(document, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        where = f"character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else "unreadable text"
        raise NotJson(path=path, evidence=where) from error
