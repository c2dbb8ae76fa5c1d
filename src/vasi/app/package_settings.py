"""The settings as each package takes them: one frozen struct, made here and handed on whole."""

from __future__ import annotations

import math
from datetime import timedelta
from urllib.parse import urlsplit

from vasi.accounts.accounts import AccountSettings
from vasi.accounts.browser_sessions import SessionSettings
from vasi.accounts.oidc import settings as oidc
from vasi.accounts.proxy import IdentityHeaders
from vasi.accounts.secrets import StaticKeys
from vasi.config import ProviderSettings, Settings
from vasi.conversation.settings import ConversationSettings
from vasi.errors import ConfigError
from vasi.gateway.limits import RateSettings
from vasi.gateway.prompts import Prompts
from vasi.gateway.settings import GatewaySettings
from vasi.gateway.spending import DayLimits
from vasi.knowledge import ReadingLimits
from vasi.knowledge.pages import PageSettings
from vasi.transports.webrtc.settings import TurnServer, WebRtcSettings
from vasi.web.connections import ConnectionLimits
from vasi.web.settings import SignInProvider, WebSettings

_GROUPS = ("groups_claim", "roles_claim")
_ANSWER_TOKENS = 1_024
_LEAST_INPUT = 1_024


def conversation_settings(settings: Settings) -> ConversationSettings:
    """For conversations that the built-in engines answer."""
    return ConversationSettings(
        lead_ms=settings.audio_lead_ms,
        input_tokens=_input_tokens(settings),
        barge_in_ms=settings.barge_in_ms,
        language=None if settings.language == "auto" else settings.language,
    )


def _input_tokens(settings: Settings) -> int:
    """How much the model can read: one that runs here, what its context has room for beside the answer."""
    if settings.llm.gguf is None or settings.llm.base_url is not None:
        return settings.llm.input_tokens
    return max(_LEAST_INPUT, min(settings.llm.input_tokens, settings.llm.gguf_context - _ANSWER_TOKENS))


def gateway_settings(settings: Settings, *, instructions: str, model: str) -> GatewaySettings:
    """For sessions with these ``instructions``, whose model is shown as ``model``."""
    return GatewaySettings(
        instructions=instructions,
        model=model,
        voice=settings.voice,
        speed=settings.speed,
        tool_timeout_s=settings.tool_timeout_s,
        session_s=settings.limits.session_minutes * 60,
        idle_s=settings.limits.idle_minutes * 60 or math.inf,
        response_overrides=settings.response_overrides,
        output_tokens=settings.limits.output_tokens,
        prompts=Prompts(settings.prompts_folder),
    )


def rate_settings(settings: Settings) -> RateSettings:
    """What each user may use a minute."""
    return RateSettings(settings.limits.requests_per_minute, settings.limits.tokens_per_minute)


def day_limits(settings: Settings) -> DayLimits:
    """What each user may use a day."""
    return DayLimits(settings.limits.tokens_per_day, settings.limits.minutes_per_day)


def reading_limits(settings: Settings) -> ReadingLimits:
    """How much of a document is read."""
    return ReadingLimits(file_bytes=settings.limits.file_mb * 1_000_000, pages=settings.limits.pages)


def page_settings(settings: Settings) -> PageSettings:
    """Which web pages are fetched."""
    web_pages = settings.web_pages
    return PageSettings(settings.limits.file_mb * 1_000_000, web_pages.fetch_s, web_pages.private)


def originals_bytes(settings: Settings) -> int | None:
    """What the uploaded documents of one user may take together; None for any number."""
    megabytes = settings.limits.originals_mb
    return None if megabytes is None else megabytes * 1_000_000


def web_settings(settings: Settings) -> WebSettings:
    """Who may use the server, and how much of it."""
    limits = settings.limits
    public = () if settings.auth.public_url is None else (settings.auth.public_url,)
    return WebSettings(
        bound_to=settings.host,
        origins=(*settings.origins, *public),
        hosts=(*settings.hosts, *filter(None, (urlsplit(address).hostname for address in public))),
        public_url=settings.auth.public_url,
        secure=settings.tls or settings.tls_cert is not None,
        auth_mode=settings.auth_mode,
        providers=tuple(_provider(*named) for named in settings.auth.providers.items()),
        sessions=limits.sessions,
        sessions_per_client=limits.sessions_per_client,
        event_streams=limits.event_streams,
        event_streams_per_client=limits.event_streams_per_client,
    )


def _provider(label: str, provider: ProviderSettings) -> SignInProvider:
    return SignInProvider(label, provider.kind, _title(label, provider))


def _title(label: str, provider: ProviderSettings) -> str:
    return provider.title or {"entra": "Microsoft", "google": "Google"}.get(provider.kind, label.capitalize())


def oidc_providers(settings: Settings) -> tuple[oidc.ProviderSettings, ...]:
    """The providers that people sign in with; none unless that is how they do."""
    if settings.auth_mode != "oidc":
        return ()
    return tuple(_oidc_provider(*named) for named in settings.auth.providers.items())


def _oidc_provider(label: str, provider: ProviderSettings) -> oidc.ProviderSettings:
    issuer = provider.issuer or {"entra": oidc.ENTRA, "google": oidc.GOOGLE}.get(provider.kind)
    assert issuer is not None, "the settings were checked"
    return oidc.ProviderSettings(
        label=label,
        kind=provider.kind,
        title=_title(label, provider),
        issuer=issuer,
        client_id=provider.client_id,
        client_secret=None if provider.client_secret is None else provider.client_secret.get_secret_value(),
        scopes=provider.scopes,
        tenant=provider.tenant,
        tenants=provider.tenants,
        hosted_domain=provider.hosted_domain,
        allow_domains=provider.allow_domains,
        allow_subjects=provider.allow_subjects,
        allow_groups=provider.allow_groups,
        groups_claim=provider.groups_claim,
        roles_claim=provider.roles_claim,
        manages_groups=bool(provider.allow_groups) or not provider.model_fields_set.isdisjoint(_GROUPS),
        administrators=provider.administrators,
        audiences=provider.audience,
    )


def account_settings(settings: Settings) -> AccountSettings:
    """How people and programs show who they are."""
    auth = settings.auth
    proxy = auth.proxy
    return AccountSettings(
        settings.auth_mode,
        StaticKeys(key.get_secret_value() for key in settings.api_keys),
        SessionSettings(timedelta(hours=auth.session_idle_hours), timedelta(days=auth.session_days)),
        IdentityHeaders(
            proxy.addresses,
            proxy.user_header,
            proxy.name_header,
            proxy.email_header,
            proxy.groups_header,
            proxy.issuer,
        ),
    )


def connection_limits(settings: Settings) -> ConnectionLimits:
    """What clients may hold open."""
    return ConnectionLimits(total=settings.limits.connections, per_address=settings.limits.connections_per_address)


def webrtc_settings(settings: Settings) -> WebRtcSettings:
    """How calls reach the server. Raises ``ConfigError``."""
    webrtc = settings.webrtc
    return WebRtcSettings(
        bound_to=webrtc.host or settings.host,
        first_port=_port_range(webrtc.ports)[0],
        last_port=_port_range(webrtc.ports)[1],
        addresses=tuple(webrtc.addresses),
        stun=webrtc.stun,
        turn=_turn_server(settings),
        relay=webrtc.relay,
        most_calls=webrtc.most_calls,
    )


def _port_range(ports: str) -> tuple[int, int]:
    first, _, last = ports.partition("-")
    return int(first), int(last or first)


def _turn_server(settings: Settings) -> TurnServer | None:
    webrtc = settings.webrtc
    if not webrtc.turn:
        if webrtc.relay:
            text = "webrtc.relay needs webrtc.turn: the server through which calls come."
            raise ConfigError(text, param="webrtc.relay")
        return None
    secret = "" if webrtc.turn_secret is None else webrtc.turn_secret.get_secret_value()
    password = "" if webrtc.turn_password is None else webrtc.turn_password.get_secret_value()
    return TurnServer(tuple(webrtc.turn), secret, webrtc.turn_username or "", password)
