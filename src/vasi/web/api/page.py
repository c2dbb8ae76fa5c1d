"""The page that shows the API to people: plain HTML of its OpenAPI description, without scripts or remote assets."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

router = APIRouter()


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """Anybody may see it: it says nothing of anybody's documents."""
    return HTMLResponse(written(request.app.openapi()))


def written(description: dict[str, Any]) -> str:
    """An OpenAPI description as a page."""
    info = description["info"]
    rows: list[str] = []
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            given = [f"<code>{escape(one['name'])}</code> ({one['in']})" for one in operation.get("parameters", ())]
            given += [_body(kind, body["schema"]) for kind, body in _contents(operation.get("requestBody"))]
            answers = [_answer(status, answer) for status, answer in operation["responses"].items()]
            rows.append(
                f"<tr><td><code>{method.upper()} /api{escape(path)}</code></td>"
                f"<td>{escape(operation['summary'])}<br><small>{escape(operation.get('description', ''))}</small></td>"
                f"<td>{'<br>'.join(given)}</td><td>{'<br>'.join(answers)}</td></tr>"
            )
    schemas = [
        f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p><ul>'
        + "".join(f"<li><code>{escape(field)}</code>: {_type(kind)}</li>" for field, kind in _properties(schema))
        + "</ul>"
        for name, schema in description["components"]["schemas"].items()
    ]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])} {info["version"]}</title>'
        f"<h1>The HTTP API of vasi {info['version']}</h1><p>{escape(info['description'])}</p>"
        '<p>For programs: <a href="openapi.json">openapi.json</a></p>'
        '<table border="1" cellpadding="6"><tr><th>Request</th><th></th><th>Given</th><th>Answer</th></tr>'
        f"{''.join(rows)}</table><h2>Shapes</h2>{''.join(schemas)}</html>"
    )


def _contents(part: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    return list((part or {}).get("content", {}).items())


def _body(kind: str, schema: dict[str, Any]) -> str:
    return f"{_type(schema)} as {escape(kind)}"


def _answer(status: str, answer: dict[str, Any]) -> str:
    shapes = " ".join(_type(content["schema"]) for _, content in _contents(answer) if content.get("schema"))
    return f"{escape(status)} {shapes or escape(answer.get('description', ''))}"


def _properties(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(schema.get("properties", {}).items())


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words, with a link to what has a name."""
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"“{escape(str(one))}”" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return escape(str(schema.get("format") or schema.get("type") or "anything"))
