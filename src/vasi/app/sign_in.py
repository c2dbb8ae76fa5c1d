"""Sign-in at providers, for those who have set it up: its packages are loaded for them alone."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from vasi.accounts.accounts import Accounts
from vasi.accounts.authenticators import Authenticator
from vasi.app.package_settings import oidc_providers
from vasi.config import Settings
from vasi.errors import ConfigError
from vasi.storage.accounts import AccountStore

if TYPE_CHECKING:
    from vasi.accounts.oidc.providers import Providers

_PACKAGES = ("authlib", "joserfc")


def open_providers(settings: Settings, store: AccountStore) -> Providers | None:
    """The providers at which people sign in; None if they don't. Nothing is asked of them yet.

    Raises:
        ConfigError: the packages for it aren't installed.
    """
    providers = oidc_providers(settings)
    if not providers:
        return None
    if not all(map(find_spec, _PACKAGES)):
        text = "Sign-in at providers needs more packages; install them with: pip install 'vasi[oidc]'."
        raise ConfigError(text, param="auth.mode")
    from vasi.accounts.oidc.providers import Providers

    return Providers(providers, store)


def access_tokens(providers: Providers, store: AccountStore, accounts: Accounts) -> Authenticator:
    """What tells who a program is that brings an access token of one of ``providers``."""
    from vasi.accounts.oidc.authenticator import AccessTokenAuthenticator
    from vasi.accounts.oidc.bearer import AccessTokens

    return AccessTokenAuthenticator(AccessTokens(providers), store, accounts.sign_ins, accounts.remembered)


async def renew_sign_ins(providers: Providers, store: AccountStore, accounts: Accounts) -> None:
    """Ask the providers who they are, then renew sign-ins as long as they stand by them; runs until cancelled."""
    from vasi.accounts.oidc.renewal import Renewal

    await providers.prepare()
    await Renewal(store, providers, accounts.leases, accounts.audit).run()
