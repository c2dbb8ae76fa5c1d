"""Settings: what can be set (settings, tables), of which kind (values), and where it comes from (sources)."""

from vasi.config.auth import AuthMode, AuthSettings, ProviderSettings, ProxySettings
from vasi.config.settings import Settings, default_data, known_settings
from vasi.config.sources import load_settings
from vasi.config.tables import (
    EmbeddingSettings,
    EngineSettings,
    LimitSettings,
    LlmSettings,
    McpSettings,
    SpeechSettings,
    TranscriptionSettings,
    TurnAnalyzerSettings,
    UpstreamSettings,
)

__all__ = [
    "AuthMode",
    "AuthSettings",
    "EmbeddingSettings",
    "EngineSettings",
    "LimitSettings",
    "LlmSettings",
    "McpSettings",
    "ProviderSettings",
    "ProxySettings",
    "Settings",
    "SpeechSettings",
    "TranscriptionSettings",
    "TurnAnalyzerSettings",
    "UpstreamSettings",
    "default_data",
    "known_settings",
    "load_settings",
]
