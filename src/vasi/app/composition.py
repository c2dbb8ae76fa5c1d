"""The composition root: makes the parts from the settings and puts them together. The only module that knows all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from vasi.accounts.accounts import Accounts
from vasi.accounts.administration import Administrator
from vasi.accounts.authenticators import Authenticator
from vasi.accounts.principals import LOCAL_OWNER, Principal
from vasi.app.background import BackgroundTasks, empty_bins, tidy_uploads, write_spending
from vasi.app.calls import make_call_transport
from vasi.app.engines import EngineLifecycle, make_embedder
from vasi.app.export import Export
from vasi.app.imports import Import
from vasi.app.package_settings import (
    account_settings,
    day_limits,
    originals_bytes,
    page_settings,
    reading_limits,
    web_settings,
)
from vasi.app.removal import OwnerRemoval
from vasi.app.renewal import EngineRenewal
from vasi.app.sessions import Sessions
from vasi.app.sign_in import access_tokens, open_providers, renew_sign_ins
from vasi.app.status import describe_plugins, status
from vasi.app.transfer import Transfers
from vasi.backends.upstream.choice import choose, make_service
from vasi.backends.upstream.service import Service
from vasi.config import Settings
from vasi.engines import choice
from vasi.engines.choice import make_engines
from vasi.engines.host import PartStatus
from vasi.engines.ports import Engines
from vasi.errors import ConfigError, NotFoundError, StoreError
from vasi.gateway.request import SessionRequest
from vasi.gateway.spending import Spending
from vasi.knowledge import Knowledge
from vasi.knowledge.embed import Embedder
from vasi.knowledge.index import Index, TextAnalyser
from vasi.knowledge.originals import Originals
from vasi.knowledge.pages import PageFetcher, WebPages
from vasi.knowledge.uploads import Uploads
from vasi.language.locales import load_all
from vasi.notes import KEPT_IN_BIN, Notes
from vasi.observe.observer import NoObserver, Observer
from vasi.storage.accounts import UserLimits
from vasi.storage.backup import atomic_folder, copy_originals
from vasi.storage.blobs import BlobFolder
from vasi.storage.choice import make_store
from vasi.storage.ports import Maintenance, Store
from vasi.storage.spool import UPLOADS, Spool
from vasi.tools.offered import OfferedTools
from vasi.tools.providers import ToolParts, server_tools
from vasi.tools.registry import Registry
from vasi.tools.servers import Address, Servers
from vasi.transports.memory import MemoryConnection, link_pair
from vasi.transports.resumption import ResumableConnections
from vasi.web.calls import Calls
from vasi.web.notifier import ChangeNotifier
from vasi.web.server import server

if TYPE_CHECKING:
    from vasi.accounts.oidc.providers import Providers
    from vasi.web.api import Services, Status

_BLOBS = "blobs"


class Vasi:
    """A running vasi: its store, its knowledge, its engines. Made by ``Vasi.open``."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        index: Index,
        engines: Engines | None,
        embedder: Embedder | None,
        service: Service | None,
        notifier: ChangeNotifier,
        observer: Observer,
        authenticator: Authenticator | None,
        providers: Providers | None,
    ) -> None:
        limits = reading_limits(settings)
        self.settings = settings
        self.store = store
        self._notifier = notifier
        self._blobs = BlobFolder(settings.data / _BLOBS)
        self._originals = Originals(store, self._blobs)
        self.knowledge = Knowledge(store, index, embedder=embedder, limits=limits, originals=self._originals)
        spool = Spool(settings.data / _BLOBS / UPLOADS)
        self.pages = WebPages(store, self.knowledge.ingestion, PageFetcher(page_settings(settings), spool))
        self._uploads = Uploads(
            store,
            self.knowledge.ingestion,
            spool,
            file_bytes=limits.file_bytes,
            owner_bytes=originals_bytes(settings),
            changed=lambda _owner: notifier.notify(),
        )
        self.notes = Notes(store, index)
        self._lifecycle = EngineLifecycle(
            engines, store, () if settings.auth_mode in ("oidc", "proxy") else (LOCAL_OWNER,)
        )
        self._service = service
        self._background = BackgroundTasks()
        servers = Servers(
            {label: Address(server.url, server.all_headers()) for label, server in settings.mcp.items()},
            settings.mcp_origins,
            settings.tool_timeout_s,
        )
        self.tools = Registry(server_tools(ToolParts(settings, self.knowledge, self.notes)), servers)
        self._offered_tools = OfferedTools(
            self.tools,
            [label for label, server in settings.mcp.items() if server.offered],
            approved=[label for label, server in settings.mcp.items() if server.approved],
        )
        self.accounts = Accounts(store, account_settings(settings))
        self._providers = providers
        bearer = None if providers is None else access_tokens(providers, store, self.accounts)
        self._authenticator = authenticator or self.accounts.authenticator(bearer)
        self._spending = Spending(store, day_limits(settings), self._limits_of)
        self.accounts.leases.on_change(self._spending.renew_limits)
        self.transfers = Transfers(
            Export(store, self._blobs), Import(store, self.knowledge.ingestion, self._uploads), spool
        )
        self.removal = OwnerRemoval(
            settings,
            store,
            self._blobs,
            knowledge=self.knowledge,
            uploads=self._uploads,
            notes=self.notes,
            spending=self._spending,
            engines=self._lifecycle,
        )
        self._sessions = Sessions(settings, store, self.tools, self._spending, self._lifecycle, service, observer)
        self._renewal = EngineRenewal(settings, self._lifecycle, self.knowledge, self._sessions.capacity.reckon)
        self._resumable = ResumableConnections(settings.limits.resume_s)
        self._calls: Calls | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        settings: Settings,
        *,
        engines: bool = True,
        observer: Observer | None = None,
        authenticator: Authenticator | None = None,
    ) -> AsyncGenerator[Vasi, None]:
        """Open the store and start the engines in the background; everything stops at the end of the block.

        Args:
            settings: what to work with.
            engines: False for work on documents and notes alone, which is quicker to start.
            observer: watches the sessions.
            authenticator: tells who a client is; by default the keys of the settings do.

        Raises:
            ConfigError: settings contradict what is installed, or the data folder can't be used.
            StoreError: the database is damaged or newer than this vasi.
        """
        try:
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigError(f"Can't use the data folder {settings.data}: {error.strerror}.", param="data") from None
        embedder = await make_embedder(settings)
        # Loading the VAD takes a moment; a server that restarts beside others must not hold them up.
        answering = choose(settings).address if engines else None
        service = None if answering is None else make_service(settings, answering)
        local = engines and (service is None or settings.upstream.fallback)
        parts = await asyncio.to_thread(make_engines, settings) if local else None
        if engines:
            describe_plugins()  # loads all of them: what can't be used is logged when the server starts
        notifier = ChangeNotifier()
        analyser = TextAnalyser()
        store = make_store(settings, analyser, notifier.notify)
        await store.open()
        index = Index(store, analyser)
        # Only who serves signs people in; to load what it takes holds others up.
        providers = await asyncio.to_thread(open_providers, settings, store) if engines else None
        observer = observer or NoObserver()
        vasi = cls(settings, store, index, parts, embedder, service, notifier, observer, authenticator, providers)
        try:
            await vasi.notes.empty_bins(datetime.now(UTC) - KEPT_IN_BIN)
            if parts is not None:
                vasi._background.start(vasi._lifecycle.run())
            if engines:
                vasi._background.start(vasi.knowledge.learn())
                vasi._background.start(vasi._renewal.watch())
                vasi._background.start(asyncio.to_thread(load_all))  # what users say in any language is understood soon
                vasi._background.start(vasi.accounts.run())
                if vasi._providers is not None:
                    vasi._background.start(renew_sign_ins(vasi._providers, store, vasi.accounts))
                vasi._background.start(empty_bins(vasi.notes))
                vasi._background.start(write_spending(vasi._spending))
                vasi._background.start(vasi._offered_tools.run())
                vasi._background.start(vasi.removal.resume())
                vasi._background.start(tidy_uploads(store, vasi._originals, vasi._uploads))
            yield vasi
        finally:
            await vasi._close()

    @property
    def answers_come_from(self) -> str:
        """What answers and why, for people."""
        return choose(self.settings).why.replace("engines below", "built-in engines")

    async def ready(self) -> None:
        """Wait until the engines are loaded and know the words of the documents. Raises what kept them from it."""
        await self._lifecycle.ready()

    async def renew_engines(self) -> None:
        """Choose engines and embedder anew, for sessions and searches that begin from then on; models may have come.

        Raises:
            VasiError: they can't be started; those that were there go on.
        """
        await self._renewal.renew()

    async def backup(self, folder: Path) -> list[str]:
        """Copy the database and the uploaded files into the new ``folder``, which can serve as a data folder.

        Returns the names of documents whose uploaded files are gone. Raises ``StoreError``, and leaves nothing.
        """
        with atomic_folder(folder) as part:
            originals = await self.maintenance.backup(part)
            return await copy_originals(self._blobs, BlobFolder(part / _BLOBS), originals)

    @property
    def maintenance(self) -> Maintenance:
        """Raises ``StoreError`` where the store is looked after by other tools."""
        if not isinstance(self.store, Maintenance):
            raise StoreError("This store is checked and backed up by its own tools, not by vasi.")
        return self.store

    async def adopt(self, user_id: str) -> None:
        """Give a user all that was kept before people signed in. Raises ``NotFoundError``, ``StoreError``."""
        now = datetime.now(UTC)
        digests = await self._blobs.digests(LOCAL_OWNER, before=now)
        for digest in digests:
            await self._blobs.write(user_id, self._blobs.read(LOCAL_OWNER, digest))
        await self.accounts.administration.adopt(user_id, Administrator(), LOCAL_OWNER)
        for digest in digests:
            await self._blobs.remove(LOCAL_OWNER, digest)
        await self.forget_words()

    async def forget_words(self) -> None:
        """After something was removed without engines: leave nothing of it in the recogniser's files."""
        texts = await self.store.texts(await self.knowledge.collections.readable(LOCAL_OWNER))
        await asyncio.to_thread(choice.forget_words, self.settings, LOCAL_OWNER, texts)

    def connect(self, owner: str) -> MemoryConnection:
        """A Realtime connection inside this process, through the whole gateway."""
        ours, theirs = link_pair()
        self._background.start(self._sessions.serve(theirs, SessionRequest(Principal(owner))))
        return ours

    def asgi(self) -> Starlette:
        """The server's ASGI application."""
        app = server(
            self._sessions,
            lambda: {name: part.state == "ready" for name, part in self._parts().items()},
            settings=web_settings(self.settings),
            resumable=self._resumable,
            authenticator=self._authenticator,
            ephemeral=self.accounts.ephemeral,
            accounts=self.accounts,
            providers=self._providers,
            services=self._services(),
            call_transport=make_call_transport(self.settings),
        )
        self._calls = app.state.calls
        return app

    def _services(self) -> Services:
        from vasi.web.api import Services

        return Services(
            self.store,
            self.knowledge,
            self.notes,
            self._uploads,
            self.pages,
            self._blobs,
            self._notifier,
            self._status,
            self.accounts,
            self._spending.limits_with,
            self.removal,
            self.transfers,
        )

    async def _limits_of(self, owner: str) -> UserLimits:
        try:
            return (await self.store.user(owner)).limits
        except NotFoundError:
            return UserLimits()

    def _status(self) -> Status:
        backend = "local" if self._service is None else self._service.address.kind
        return status(
            self.settings,
            backend=backend,
            engines=self._lifecycle.engines,
            parts=self._parts(),
            interprets=self._sessions.have_model,
        )

    def _parts(self) -> Mapping[str, PartStatus]:
        """How each part is; a model service counts where nothing answers in its place."""
        parts = self._lifecycle.status()
        if self._service is None or self.settings.upstream.fallback:
            return parts
        problem = self._service.problem
        return {**parts, "service": PartStatus("failed" if problem else "ready", problem)}

    def stopping(self) -> None:
        """The server is asked to end: whoever follows its events is let go, and nobody is waited for."""
        self._notifier.close()
        self._resumable.close()
        if self._calls is not None:
            self._calls.stop()

    async def _close(self) -> None:
        if self._calls is not None:
            await self._calls.close()
        await self._background.close()
        if self._lifecycle.engines is not None or self._service is not None:
            # Removals can't be taken back any more: what was removed doesn't outlive the server.
            await self.notes.empty_bins(datetime.now(UTC))
        if self._service is not None:
            await self._service.close()
        await self._uploads.close()
        await self._spending.write()
        await self.accounts.close()
        if self._providers is not None:
            await self._providers.close()
        await self.knowledge.close()
        await self.store.close()
