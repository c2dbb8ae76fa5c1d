"""What every JSON body of a request has in common."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel, ConfigDict, model_validator


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
