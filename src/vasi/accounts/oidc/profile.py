"""Who somebody is, as a provider says it in claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from vasi.accounts.oidc.settings import ProviderSettings
from vasi.storage.accounts import Identity

_LONGEST = 320
"""Characters of a name or address that are kept."""
_MOST_GROUPS = 500


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody who signed in at a provider. ``issuer`` and ``subject`` tell who it is; nothing else does.

    Attributes:
        issuer, subject: the identity.
        tenant, object_id: Entra's ids of the tenant and of the person in it; "" elsewhere.
        name, email: for people; "" if they aren't known.
        email_verified: the provider has seen that the address is theirs.
        hosted_domain: Google's ``hd``; "" if there is none.
        groups: names or ids of groups and roles; None where the provider says nothing of them.
        groups_left_out: there are too many to be named in the token.
    """

    issuer: str
    subject: str
    tenant: str = ""
    object_id: str = ""
    name: str = ""
    email: str = ""
    email_verified: bool = False
    hosted_domain: str = ""
    groups: tuple[str, ...] | None = None
    groups_left_out: bool = False

    @property
    def email_domain(self) -> str:
        """The domain of the address, in small letters; "" if there is none."""
        return self.email.rpartition("@")[2].lower() if "@" in self.email else ""

    @property
    def identity(self) -> Identity:
        """Who it is."""
        return Identity(self.issuer, self.subject, self.tenant, self.object_id)


def read_profile(settings: ProviderSettings, claims: Mapping[str, Any]) -> Profile:
    """The profile in the claims of a verified token, perhaps with those of the userinfo endpoint."""
    entra = settings.kind == "entra"
    name = _text(claims, "name") or " ".join(filter(None, (_text(claims, "given_name"), _text(claims, "family_name"))))
    verified = claims.get("xms_edov" if entra else "email_verified")
    listed = [_texts(claims, settings.groups_claim), _texts(claims, settings.roles_claim)]
    # Some leave the claim out for whoever is in no group.
    said = settings.manages_groups or any(texts is not None for texts in listed)
    groups = [text for texts in listed for text in texts or ()]
    elsewhere: object = claims.get("_claim_names")
    return Profile(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        tenant=_text(claims, "tid") if entra else "",
        object_id=_text(claims, "oid") if entra else "",
        name=name or _text(claims, "preferred_username"),
        email=_text(claims, "email"),
        # Some send it as text. Entra's addresses can be anything, unless it says that it knows the domain's owner.
        email_verified=verified is True or verified in (1, "true", "1"),
        hosted_domain=_text(claims, "hd").lower(),
        groups=tuple(dict.fromkeys(groups))[:_MOST_GROUPS] if said else None,
        groups_left_out=isinstance(elsewhere, dict) and settings.groups_claim in elsewhere,
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value: object = claims.get(name)
    return "".join(filter(str.isprintable, value))[:_LONGEST].strip() if isinstance(value, str) else ""


def _texts(claims: Mapping[str, Any], name: str) -> list[str] | None:
    """A claim of texts, None without one; ``name`` is a path where it is no claim, like ``realm_access.roles``."""
    value: object = claims.get(name)
    if value is None:
        value = claims
        for step in name.split("."):
            value = cast("dict[str, object]", value).get(step) if isinstance(value, dict) else None
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        return None
    return [entry[:_LONGEST] for entry in cast("list[object]", value) if isinstance(entry, str)]
