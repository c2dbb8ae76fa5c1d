"""What every JSON body of a request has in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias, cast

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, model_validator

LAST_YEAR = 9998
"""The last one that a moment may be in: it exists in every time zone."""


def _in_utc(moment: datetime) -> datetime:
    if not 1 < moment.year <= LAST_YEAR:
        raise ValueError(f"the year has to be between 2 and {LAST_YEAR}")
    return moment.astimezone(UTC)


Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment of a request, in UTC."""


class RequestBody(BaseModel):
    """The fields of a request. One that isn't known is refused; a null in an optional one leaves it out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        fields = cast(dict[str, Any], body)
        return {name: value for name, value in fields.items() if value is not None or name not in optional}
