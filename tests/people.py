"""Users for tests: whoever brings the key of one is that user."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from vasi.accounts.authenticators import Connection, key_of
from vasi.accounts.principals import Principal
from vasi.errors import AuthError
from vasi.storage.accounts import AccountStore, Identity, User


class People:
    """An ``Authenticator`` of users whose keys are made of their names."""

    required = True

    def __init__(self, *people: Principal) -> None:
        self._people = {f"key-{person.owner}": person for person in people}

    async def enrol(self, store: AccountStore) -> None:
        """Make their accounts: what is open of somebody without one is closed."""
        for one in self._people.values():
            user = User(one.owner, one.name, "", one.role, one.groups, False, datetime.now(UTC))
            await store.find_or_add_user(Identity("https://id.example", one.owner), user)

    async def authenticate(self, connection: Connection) -> Principal:
        """Whose key it is."""
        person = self._people.get(key_of(connection) or "")
        if person is None:
            raise AuthError("No such key.")
        return person


def signed_in(person: Principal) -> dict[str, str]:
    """Headers of a request of ``person``."""
    return {"authorization": f"Bearer key-{person.owner}"}


ANNA = Principal("user_anna", "Anna", groups=("board",))
BEN = Principal("user_ben", "Ben", groups=("crew",))
CHIEF = Principal("user_chief", "Chief", role="administrator")
PEOPLE = People(ANNA, BEN, CHIEF)


def holding(folder: Path, *canaries: str) -> list[str]:
    """The files below ``folder`` that hold one of ``canaries``, in any case and in the usual encodings."""
    wanted = [canary.lower().encode(encoding) for canary in canaries for encoding in ("utf-8", "utf-16-le")]
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and _holds(path, wanted)
    )


def _holds(path: Path, wanted: Iterable[bytes]) -> bool:
    content = path.read_bytes().lower()
    return any(one in content for one in wanted)
