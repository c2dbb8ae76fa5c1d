"""Keys never reach a log, wherever in a line they stand."""

from __future__ import annotations

import logging
import sys

import pytest

from vasi.observe.redaction import RedactingFormatter, redacted

LINES = [
    '127.0.0.1:5 - "WebSocket /v1/realtime?model=m&api-key=CANARY" [accepted]',
    '127.0.0.1:5 - "WebSocket /openai/realtime?api%2Dkey=CANARY&deployment=m" 401',
    '127.0.0.1:5 - "GET /v1/models?Api-Key=CANARY HTTP/1.1" 200',
    "wss://h/v1/realtime?model=m&token=CANARY",
    "> Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.CANARY, openai-beta.realtime-v1",
    "> Authorization: Bearer CANARY",
    '> Authorization: Bearer "CANARY"',
    "> api-key: half, 'CANARY",
    "< X-Vasi-Resume-Token: CANARY",
    "invalid api-key header: CANARY",
    "{'authorization': 'bearer CANARY'}",
    "(b'api-key', b'CANARY')",
    "api-key: CANARY",
    "the key ek_CANARY has expired",
    "the key vasi_CANARY0123456789012345678901234567890123456 is unknown",
    "the browser shows __Host-vasi=CANARY",
    "the browser shows vasi-session=CANARY",
    "a link like /sign-in?invitation=CANARY",
    "{'x-vasi-resume-token': 'CANARY'}",
    "{'authorization': 'CANARY'}",
    "[(b'authorization', b'CANARY'), (b'host', b'h')]",
    '{"Authorization": "Digest username=\\"u\\", response=\\"CANARY\\""}',
    '> TEXT \'{\\"type\\":\\"vasi.session.resumable\\",\\"resume_token\\":\\"CANARY\\",\\"grace_s\\":60}\'',
    "Cookie: theme=dark; session=CANARY",
    "{'set-cookie': 'session=CANARY; HttpOnly'}",
    "api_key=CANARY",
    'api_key = "CANARY"',
    "OpenAI(api_key='CANARY', timeout=5)",
    "x-api-key: CANARY",
    "Incorrect API key provided: sk-proj-CANARY",
    "the token eyJhbGciOi.eyJzdWIi.CANARY is refused",
    "The MCP server can't be reached: Illegal header value b'CANARY\\n'.",
]


@pytest.mark.parametrize("line", LINES)
def test_a_key_is_cut_out(line: str) -> None:
    assert "CANARY" not in redacted(line)


@pytest.mark.parametrize(
    "line",
    [
        '127.0.0.1:5 - "WebSocket /v1/realtime?model=m&intent=transcription" [accepted]',
        "Read week_report.pdf: 3 pages; is it the bearer of news?"[:40],
        "Can't listen on 127.0.0.1, port 8787",
        "Check the api-key, then try again; task-force and risk-free stay, and pk is a primary key",
        "The model has no API key",
        "the folder vasi_documents_of_a_project",
    ],
)
def test_other_lines_stay(line: str) -> None:
    assert redacted(line) == line


def test_what_stands_behind_a_key_stays() -> None:
    line = '127.0.0.1:5 - "GET /v1/models?api-key=CANARY&model=m HTTP/1.1" 200'
    assert redacted(line) == '127.0.0.1:5 - "GET /v1/models?api-key=[hidden]&model=m HTTP/1.1" 200'
    assert redacted("{'authorization': 'CANARY', 'host': 'h'}") == "{'authorization': '[hidden]', 'host': 'h'}"


def test_tracebacks_are_cleaned_too() -> None:
    try:
        raise ValueError("refused api-key: CANARY")
    except ValueError:
        record = logging.LogRecord("n", logging.ERROR, "f", 1, "Failed for %s", ("ek_CANARY",), sys.exc_info())
    text = RedactingFormatter("%(levelname)s %(message)s").format(record)
    assert "Traceback" in text
    assert "CANARY" not in text
