"""A network between a client and a server, that can go away as real ones do: without a word."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Network:
    """Passes bytes on between ``port`` and a server on this machine.

    Args:
        server: the port of the server.
    """

    def __init__(self, server: int) -> None:
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._there = threading.Event()
        self._there.set()
        self._age = 0
        self._over = False
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def vanish(self) -> None:
        """From now on nothing gets through, and nobody is told; nor later, over the connections that are there now."""
        self._there.clear()
        self._age += 1

    def return_(self) -> None:
        """New connections get through."""
        self._there.set()

    def drop(self) -> None:
        """End all connections that are there now, at both ends; new ones get through."""
        self._age += 1
        sockets, self._sockets = self._sockets, []
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """No more."""
        self._over = True
        self._there.set()
        self._listening.close()
        self.drop()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._there.wait()
            if self._over:
                client.close()
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                client.close()
                continue
            self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, sink, self._age), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, age: int) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if age == self._age:
                    sink.sendall(data)
            if age == self._age:
                sink.shutdown(socket.SHUT_WR)


@contextmanager
def network(server: int) -> Iterator[Network]:
    """One to the server of this port."""
    between = Network(server)
    try:
        yield between
    finally:
        between.close()
