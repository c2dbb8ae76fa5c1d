"""Who signs in gets an account, once, and a session in their browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from vasi.accounts.audit import AuditLog
from vasi.accounts.browser_sessions import Browser, BrowserSessions
from vasi.accounts.leases import Leases
from vasi.accounts.principals import Principal
from vasi.accounts.secrets import digest_of, new_id
from vasi.accounts.withdrawal import withdraw
from vasi.errors import NotFoundError, SignInError, SignInFailure
from vasi.storage.accounts import ACCOUNT, AccountStore, BrowserSession, Identity, Invitation, Role, User, UserChanges


@dataclass(frozen=True, slots=True)
class Person:
    """What a provider, or a proxy, says of somebody.

    Attributes:
        name: for people; "" if it isn't known.
        email: for people; "" if it isn't known.
        email_verified: whoever says so has seen that the address is theirs.
        groups: those that they are in; None where nothing is said of groups.
        administrator: the settings make them one.
    """

    name: str = ""
    email: str = ""
    email_verified: bool = False
    groups: tuple[str, ...] | None = None
    administrator: bool = False


class SignIns:
    """Signs people in.

    Args:
        store: keeps accounts.
        sessions: begins those of browsers.
        leases: ends what is open of those who lost access.
        audit: the log.
        now: the present time, aware.
    """

    def __init__(
        self,
        store: AccountStore,
        sessions: BrowserSessions,
        leases: Leases,
        audit: AuditLog,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._leases = leases
        self._audit = audit
        self._now = now

    async def is_invited(self, identity: Identity, person: Person, invitation: str = "") -> bool:
        """Whether an administrator lets them in, whoever else may come in.

        Args:
            identity: who it is.
            person: what is said of them.
            invitation: the secret of the link that they followed; "" if they followed none.
        """
        user = await self._store.user_by_identity(identity.issuer, identity.subject)
        return user.invited if user is not None else await self._invitation(person, invitation) is not None

    async def complete(
        self,
        identity: Identity,
        person: Person,
        browser: Browser,
        *,
        invitation: str = "",
        sid: str = "",
        tokens: bytes = b"",
        replaces: str = "",
    ) -> tuple[str, BrowserSession, User]:
        """Sign somebody in whose identity was established, and who may come in.

        Args:
            identity: who it is.
            person: what is said of them; it's written down.
            browser: where they sign in from.
            invitation: the secret of the link that they followed; it's used up if it makes the account.
            sid: what the provider calls its own session.
            tokens: what it gave out.
            replaces: the secret that the browser showed so far; its session ends, so that nobody who gave it to the
                browser is signed in with it.

        Returns:
            The secret that the browser shows from now on, its session, and the user.

        Raises:
            SignInError: the account is disabled, or the invitation was used by somebody else in this moment.
        """
        user = await self.account(identity, person, browser.address, invitation=invitation)
        if replaces:
            await self.end(replaces)
        secret, session = await self._sessions.begin(user.id, browser, issuer=identity.issuer, sid=sid, tokens=tokens)
        await self._audit.write("sign_in", actor=user.id, subject=session.id, address=browser.address)
        return secret, session, user

    async def account(self, identity: Identity, person: Person, address: str, *, invitation: str = "") -> User:
        """The account of somebody who may come in: made now if they have none, else as it's said of them now.

        Raises:
            SignInError: it's disabled, or the invitation was used by somebody else in this moment.
        """
        user = await self._store.user_by_identity(identity.issuer, identity.subject)
        invited = None if user is not None else await self._invitation(person, invitation)
        if invited is not None and not await self._store.take_invitation(invited.id):
            raise SignInError("expired", f"the invitation {invited.id} was used by somebody else")
        role: Role = "administrator" if person.administrator or (invited and invited.role != "user") else "user"
        groups = person.groups if person.groups is not None else invited.groups if invited is not None else ()
        now = self._now()
        new = User(
            new_id(ACCOUNT.rstrip("_")),
            person.name,
            person.email,
            role,
            groups,
            disabled=False,
            created_at=now,
            seen_at=now,
            invited=invited is not None,
        )
        user, added = await self._store.find_or_add_user(identity, new)
        if added:
            detail = "" if invited is None else f"invitation {invited.id}"
            await self._audit.write("user_added", actor=user.id, subject=user.id, address=address, detail=detail)
            return user
        if user.disabled:
            raise SignInError("disabled", f"the account {user.id} is disabled")
        return await self._updated(user, person, now)

    async def fail(self, failure: SignInFailure, *, provider: str, browser: Browser, detail: str = "") -> None:
        """Log that a sign-in failed."""
        text = f"{failure}: {detail}" if detail else failure
        await self._audit.write("sign_in_failed", subject=provider, address=browser.address, detail=text)

    async def withdraw(self, identity: Identity, why: str, address: str) -> None:
        """Somebody may not come in: if they have an account from when they might, all that lets them in ends."""
        user = await self._store.user_by_identity(identity.issuer, identity.subject)
        if user is not None:
            await withdraw(self._store, self._leases, self._audit, user.id, why, address=address)

    async def end(self, secret: str, *, address: str | None = None) -> BrowserSession | None:
        """End the session of a browser; what it has open ends with it.

        Args:
            secret: what the browser shows.
            address: from where its user signs out, for the log; None if it's only replaced.

        Returns:
            The session, as it was; None if there was none.
        """
        session = await self._sessions.find(secret)
        if session is None:
            return None
        try:
            await self._store.end_session(session.user_id, session.id)
        except NotFoundError:
            return None
        await self._leases.look()
        if address is not None:
            await self._audit.write("sign_out", actor=session.user_id, subject=session.id, address=address)
        return session

    async def end_at_provider(self, issuer: str, *, sid: str | None, subject: str | None, address: str) -> int:
        """End the sessions that a provider says have ended there; returns how many there were."""
        sessions = await self._store.sessions_at_provider(issuer, sid, subject)
        for session in sessions:
            try:
                await self._store.end_session(session.user_id, session.id)
            except NotFoundError:
                continue
            await self._audit.write(
                "session_ended", actor="", subject=session.id, address=address, detail="signed out at the provider"
            )
        await self._leases.look()
        return len(sessions)

    async def end_one(self, principal: Principal, session_id: str, address: str) -> None:
        """End a session of one's own. Raises ``NotFoundError``."""
        await self._store.end_session(principal.owner, session_id)
        await self._leases.look()
        await self._audit.write("session_ended", actor=principal.owner, subject=session_id, address=address)

    async def end_all(self, principal: Principal, address: str) -> int:
        """End all sessions of one's own; returns how many."""
        ended = await self._store.end_sessions(principal.owner)
        await self._leases.look()
        await self._audit.write("sign_out_everywhere", actor=principal.owner, address=address, detail=str(ended))
        return ended

    async def _updated(self, user: User, person: Person, now: datetime) -> User:
        promoted = person.administrator and user.role != "administrator"
        groups = person.groups if person.groups is not None and person.groups != user.groups else None
        changes = UserChanges(
            name=person.name or None,
            email=person.email or None,
            role="administrator" if promoted else None,
            groups=groups,
            seen_at=now,
        )
        return await self._store.update_user(user.id, changes)

    async def _invitation(self, person: Person, secret: str) -> Invitation | None:
        """The invitation of a link, if it's for ``person`` and still good."""
        if not secret:
            return None
        invitation = await self._store.invitation_by_digest(digest_of(secret))
        if invitation is None or invitation.expires_at <= self._now():
            return None
        theirs = person.email_verified and person.email.casefold() == invitation.email.casefold()
        return invitation if theirs or not invitation.email else None
