"""What only some may do: see to an account, administer the server."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from vasi.accounts.administration import Administrator
from vasi.accounts.authenticators import address_of
from vasi.accounts.principals import ADMIN, Principal
from vasi.errors import ForbiddenError
from vasi.web.access import Access


async def account_holder(request: Request) -> Principal:
    """Who sees to their own account: keys that don't allow that can't make others. Raises ``AuthError``."""
    return await cast(Access, request.app.state.access).authorise(request, ADMIN)


async def administrator(request: Request, principal: Annotated[Principal, Depends(account_holder)]) -> Administrator:
    """Who administers the server. Raises ``AuthError``."""
    if not principal.administers:
        raise ForbiddenError("Only administrators may do that.")
    return Administrator(principal.owner, address_of(request))


AccountHolder = Annotated[Principal, Depends(account_holder)]
ByAdministrator = Annotated[Administrator, Depends(administrator)]
