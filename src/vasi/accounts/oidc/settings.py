"""What is set of a provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ProviderKind: TypeAlias = Literal["oidc", "entra", "google"]

ANY_TENANT = "*"
"""Stands in ``tenants`` for all of them."""
SHARED_TENANTS = ("common", "organizations", "consumers")
"""Places of Entra ID where people of many tenants sign in."""
ENTRA = "https://login.microsoftonline.com"
GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProviderSettings:
    """One OpenID provider, and who of its users may come in.

    Attributes:
        label: names it in addresses and settings.
        kind: which service it is, as far as that matters.
        title: names it for people.
        issuer: its address; of Entra ID that of the cloud, without a tenant.
        client_id: how it knows this server.
        client_secret: what this server proves it with; None for a public client.
        scopes: what is asked for.
        tenant: of Entra ID, where people sign in: an id, a domain, or one of ``SHARED_TENANTS``.
        tenants: of Entra ID, the ids of those whose people may come in; ``ANY_TENANT`` for all.
        hosted_domain: of Google, the Workspace domain (``hd``) that accounts must belong to.
        allow_domains: domains of verified e-mail addresses.
        allow_subjects: users by ``sub``; of Entra ID by ``oid`` as well.
        allow_groups: groups or roles.
        groups_claim: holds the groups.
        roles_claim: holds the roles.
        manages_groups: who isn't said to be in a group is in none, though the claim be missing.
        administrators: subjects, groups or roles whose users administer this server.
        audiences: of access tokens that programs bring; without any, none are accepted.
    """

    label: str
    kind: ProviderKind
    title: str
    issuer: str
    client_id: str
    client_secret: str | None
    scopes: tuple[str, ...]
    tenant: str | None
    tenants: tuple[str, ...]
    hosted_domain: str | None
    allow_domains: tuple[str, ...]
    allow_subjects: tuple[str, ...]
    allow_groups: tuple[str, ...]
    groups_claim: str
    roles_claim: str
    manages_groups: bool
    administrators: tuple[str, ...]
    audiences: tuple[str, ...]

    def __repr__(self) -> str:
        """Without the secret: it ends up in logs."""
        return f"ProviderSettings({self.label!r}, {self.kind!r}, {self.issuer!r})"

    @property
    def open_to_everybody(self) -> bool:
        """Anybody in the world may have an account there."""
        match self.kind:
            case "google":
                return self.hosted_domain is None
            case "entra":
                return ANY_TENANT in self.tenants
            case "oidc":
                return False
