"""What is set of the web layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vasi.config import AuthMode


@dataclass(frozen=True, slots=True)
class SignInProvider:
    """A provider that people sign in with: its label in the settings, what it is, and its name for people."""

    id: str
    kind: Literal["oidc", "entra", "google"]
    title: str


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Who may use the server, and how much of it.

    Attributes:
        bound_to: the address listened on.
        origins: of other sites whose pages may use the server, like ``https://example.com``.
        hosts: names under which the server is reached, besides those that it knows itself.
        public_url: under which browsers reach the server, like ``https://example.com``; None for as they ask for it.
        secure: it's reached by HTTPS alone.
        auth_mode: how clients show who they are.
        providers: what people sign in with.
        sessions: Realtime sessions at a time.
        sessions_per_client: those of one client.
        event_streams: connections that follow the events, at a time.
        event_streams_per_client: those of one client.
    """

    bound_to: str
    origins: tuple[str, ...]
    hosts: tuple[str, ...]
    public_url: str | None
    secure: bool
    auth_mode: AuthMode
    providers: tuple[SignInProvider, ...]
    sessions: int
    sessions_per_client: int
    event_streams: int
    event_streams_per_client: int
