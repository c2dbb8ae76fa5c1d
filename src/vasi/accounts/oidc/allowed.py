"""Who may come in, of those who can sign in at a provider."""

from __future__ import annotations

from vasi.accounts.oidc.profile import Profile
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.errors import SignInError


def require_allowed(settings: ProviderSettings, profile: Profile, *, invited: bool = False) -> None:
    """See that somebody may come in.

    Where subjects, domains or groups are listed, one of the lists must name them. Without lists everybody may whom
    the provider signs in, but not where anybody in the world can have an account.

    Args:
        settings: of the provider.
        profile: who it is.
        invited: an administrator let them in.

    Raises:
        SignInError: ``not_allowed`` or ``email_not_verified``.
    """
    if settings.kind == "google" and settings.hosted_domain and profile.hosted_domain != settings.hosted_domain.lower():
        raise SignInError("not_allowed", f"{_who(profile)} isn't of the Workspace domain {settings.hosted_domain!r}")
    if settings.kind == "google" and not profile.email_verified:
        raise SignInError("email_not_verified", f"{_who(profile)} has no verified e-mail address")
    if invited or administers(settings, profile):
        return
    lists = settings.allow_domains or settings.allow_subjects or settings.allow_groups
    if not lists and not settings.open_to_everybody:
        return
    if _is_subject(profile, settings.allow_subjects) or _in_groups(profile, settings.allow_groups):
        return
    if profile.email_domain in {domain.lower() for domain in settings.allow_domains}:
        if profile.email_verified:
            return
        raise SignInError("email_not_verified", f"the e-mail address of {_who(profile)} isn't verified")
    hint = "; its groups are too many for the token, so name roles instead" if profile.groups_left_out else ""
    raise SignInError("not_allowed", f"{_who(profile)} is on none of the lists of {settings.label!r}{hint}")


def administers(settings: ProviderSettings, profile: Profile) -> bool:
    """Whether the settings make somebody an administrator."""
    return _is_subject(profile, settings.administrators) or _in_groups(profile, settings.administrators)


def _is_subject(profile: Profile, subjects: tuple[str, ...]) -> bool:
    return profile.subject in subjects or (bool(profile.object_id) and profile.object_id in subjects)


def _in_groups(profile: Profile, groups: tuple[str, ...]) -> bool:
    return not set(profile.groups or ()).isdisjoint(groups)


def _who(profile: Profile) -> str:
    return f"the subject {profile.subject[:200]!r}"
