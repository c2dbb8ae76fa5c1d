"""The tables of ``vasi.toml`` that say who may use the server: ``[auth]`` and those below it."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field, field_validator, model_validator

from vasi.config.values import TABLE, Address, Origin, Secret

AuthMode: TypeAlias = Literal["none", "keys", "oidc", "proxy"]
ProviderKind: TypeAlias = Literal["oidc", "entra", "google"]

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_TENANT = re.compile(r"[A-Za-z0-9.-]{1,253}")
_SHARED = ("common", "organizations", "consumers")
_LISTS = ("scopes", "tenants", "allow_domains", "allow_subjects", "allow_groups", "administrators", "audience")


class ProviderSettings(BaseModel):
    """A provider that people sign in with, such as Microsoft, Google or Keycloak; the table's name is its label."""

    model_config = TABLE

    kind: ProviderKind = Field(default="oidc", description="`entra` (Microsoft), `google`, or any other: `oidc`.")
    title: str = Field(default="", max_length=60, description="What its button says; its kind's or label's unless set.")
    issuer: Address | None = Field(
        default=None,
        description="Address of the issuer; for `entra` only in another cloud, like `https://login.microsoftonline.us`.",
    )
    client_id: str = Field(min_length=1, description="What the provider calls this server.")
    client_secret: Secret | None = Field(default=None, description="The secret that goes with it, if there is one.")
    tenant: str | None = Field(
        default=None,
        description="For `entra`: id or domain of the tenant, or `common`, `organizations` or `consumers` for several.",
    )
    tenants: tuple[str, ...] = Field(
        default=(), description="For `entra` with several: ids of the tenants whose people may sign in; `*` for all."
    )
    scopes: tuple[str, ...] = Field(
        default=("openid", "profile", "email"), description="What is asked of the provider."
    )
    allow_domains: tuple[str, ...] = Field(
        default=(), description="Only people with a verified e-mail address of these domains may sign in."
    )
    allow_subjects: tuple[str, ...] = Field(default=(), description="People who may sign in, by the provider's ids.")
    allow_groups: tuple[str, ...] = Field(default=(), description="Groups or roles whose members may sign in.")
    groups_claim: str = Field(
        default="groups",
        min_length=1,
        description="The claim that names a person's groups; if set, who has none is in none.",
    )
    roles_claim: str = Field(default="roles", min_length=1, description="The claim that names a person's roles.")
    administrators: tuple[str, ...] = Field(
        default=(), description="Who administers the server: the provider's ids of people, or groups or roles."
    )
    audience: tuple[str, ...] = Field(
        default=(), description="Audiences of bearer tokens for the API; without any, none are accepted."
    )
    hosted_domain: str | None = Field(default=None, description="For `google`: only accounts of this Workspace domain.")

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _listed(value)

    @field_validator("allow_domains")
    @classmethod
    def _lower(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.lower().removeprefix("@") for domain in value)

    @model_validator(mode="after")
    def _check_kind(self) -> ProviderSettings:
        if self.kind == "oidc" and self.issuer is None:
            raise ValueError("issuer is missing; set it to the provider's address, like https://login.example.com")
        if self.kind == "entra" and (self.tenant is None or not _TENANT.fullmatch(self.tenant)):
            raise ValueError("tenant is missing; set it to the id or domain of your Entra tenant")
        if self.tenant in _SHARED and not self.tenants:
            raise ValueError(
                f'tenant "{self.tenant}" stands for all; set tenants to the ids of those whose people may sign in, or '
                'to "*" if anybody may whom the other lists allow'
            )
        if self.kind != "entra" and (self.tenant is not None or self.tenants):
            raise ValueError('tenant and tenants are for kind "entra"')
        if self.kind != "google" and self.hosted_domain is not None:
            raise ValueError('hosted_domain is for kind "google"')
        if "openid" not in self.scopes:
            raise ValueError('scopes must hold "openid"')
        return self


class ProxySettings(BaseModel):
    """A proxy in front that signs people in and says in headers who they are."""

    model_config = TABLE

    addresses: tuple[str, ...] = Field(
        default=(), description="Addresses or networks of the proxy (`10.0.0.0/24`): headers of others are refused."
    )
    user_header: str = Field(default="X-Forwarded-User", description="The header with the user's unchanging id.")
    name_header: str | None = Field(default=None, description="The header with the name, if there is one.")
    email_header: str | None = Field(default=None, description="The header with the e-mail address, if there is one.")
    groups_header: str | None = Field(
        default=None, description="The header with the groups, separated by commas, if there is one."
    )
    issuer: str = Field(default="proxy", min_length=1, description="A name for who vouches for these users.")

    @field_validator("addresses", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _listed(value)

    @field_validator("addresses")
    @classmethod
    def _check_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ipaddress.ip_network(one)
            except ValueError:
                raise ValueError(f"'{one}' is neither an address nor a network like 10.0.0.0/24") from None
        return value

    @field_validator("user_header", "name_header", "email_header", "groups_header")
    @classmethod
    def _check_header(cls, value: str | None) -> str | None:
        if value is not None and not _HEADER.fullmatch(value):
            raise ValueError("it is no name of a header, like X-Forwarded-User")
        return value


class AuthSettings(BaseModel):
    """Who may use the server."""

    model_config = TABLE

    mode: AuthMode | None = Field(
        default=None,
        description="How clients show who they are: `none`, `keys` (`api_keys`), `oidc` (people sign in with a "
        "provider), `proxy` (a proxy in front signs them in); `oidc` if there are providers, `keys` if "
        "`api_keys` is set, else `none`.",
    )
    public_url: Origin | None = Field(
        default=None,
        description="Address under which browsers reach the server behind a reverse proxy, like "
        "`https://vasi.example.com`; sign-ins come back there.",
    )
    session_idle_hours: int = Field(
        default=168, ge=1, le=8_760, description="Hours without use after which a browser has to sign in anew."
    )
    session_days: int = Field(
        default=30, ge=1, le=365, description="Days after which a browser has to sign in anew, however much it's used."
    )
    providers: dict[Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]{0,31}$")], ProviderSettings] = Field(
        default_factory=dict
    )
    proxy: ProxySettings = Field(default_factory=ProxySettings)

    @field_validator("providers")
    @classmethod
    def _check_labels(cls, value: dict[str, ProviderSettings]) -> dict[str, ProviderSettings]:
        for label in ("key", "claim", "sign-out"):
            if label in value:
                raise ValueError(f"'{label}' can't be the label of a provider; choose another one")
        return value


def _listed(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value
