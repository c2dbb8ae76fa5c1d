"""What a provider says of somebody, as it's written into their account."""

from __future__ import annotations

from vasi.accounts.oidc.allowed import administers
from vasi.accounts.oidc.profile import Profile
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.accounts.sign_ins import Person


def person_of(settings: ProviderSettings, profile: Profile) -> Person:
    """The person of a profile."""
    return Person(
        name=profile.name,
        email=profile.email,
        email_verified=profile.email_verified,
        groups=profile.groups,
        administrator=administers(settings, profile),
    )
