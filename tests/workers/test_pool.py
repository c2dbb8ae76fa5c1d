"""Child processes that print, die, hang, eat and are many: each costs its own piece of work, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workers import stoppable
from tests.workers.troubled import DIE, EAT, ECHO, ENVIRONMENT, HANG, PRINT, RAISE, SLEEP, SPIN, WRITE
from vasi.workers.child import ChildDied, ChildTimeout, ChildUnavailable, Program, RequestError
from vasi.workers.limits import ChildLimits
from vasi.workers.pool import Pool

PROGRAM = Program("tests.workers.troubled")
posix = pytest.mark.skipif(os.name == "nt", reason="no such limits or signals on Windows")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("SOME_API_KEY", "a secret of the server's")


@asynccontextmanager
async def pool(
    program: Program = PROGRAM, limit: int = 2, *, keep: int = 0, idle_s: float = 60.0
) -> AsyncIterator[Pool]:
    made = Pool(program, limit, keep=keep, idle_s=idle_s)
    try:
        yield made
    finally:
        await made.close()


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_what_is_printed_does_not_come_between_the_replies() -> None:
    async with pool(limit=1) as workers:
        for text in (b"one", b"two"):
            assert await workers.request(PRINT, text, 20) == text
        assert len(workers.pids) == 1


async def test_many_at_once_share_the_children() -> None:
    async with pool(limit=3) as workers:
        payloads = [bytes([n]) * n * 1_000 for n in range(60)]
        assert await asyncio.gather(*(workers.request(ECHO, each, 20) for each in payloads)) == payloads
        assert len(workers.pids) == 3


def ended_by(number: signal.Signals) -> str:
    """What is said of a child that a signal ended; asyncio loses its status if something else in this process asked."""
    return rf"signal {number.value}\b|exit code 255"


@posix
async def test_a_child_killed_in_the_middle_costs_its_work_alone() -> None:
    async with pool(limit=2) as workers:
        child = await workers.lease()
        other = await workers.lease()
        asked = asyncio.create_task(child.request(HANG))
        await asyncio.sleep(0.1)
        os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(ChildDied, match=ended_by(signal.SIGKILL)):
            await asked
        assert await other.request(ECHO, b"goes on") == b"goes on"
        workers.release(child)
        workers.release(other)
        assert await workers.request(ECHO, b"too", 20) == b"too"
        assert child.pid not in workers.pids


@posix
async def test_work_that_kills_its_child_is_tried_twice_at_most() -> None:
    async with pool(limit=1) as workers:
        await workers.request(ECHO, b"", 20)
        with pytest.raises(ChildDied):
            await workers.request(DIE, b"", 20)
        assert await workers.request(ECHO, b"next", 20) == b"next"


async def test_a_child_that_hangs_is_ended() -> None:
    async with pool(limit=1) as workers:
        await workers.request(ECHO, b"", 20)
        (pid,) = workers.pids
        with pytest.raises(ChildTimeout, match=r"0\.3 seconds"):
            await workers.request(HANG, b"", 0.3)
        assert await workers.request(ECHO, b"next", 20) == b"next"
        assert pid not in workers.pids
        await until(lambda: not lives(pid))


async def test_cancelled_work_ends_its_child_and_frees_its_place() -> None:
    async with pool(limit=1) as workers:
        asked = asyncio.create_task(workers.request(HANG, b"", 60))
        await until(lambda: len(workers.pids) == 1)
        await asyncio.sleep(0.05)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert await workers.request(ECHO, b"next", 20) == b"next"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds a process's memory")
async def test_memory_is_bounded() -> None:
    program = replace(PROGRAM, limits=ChildLimits(memory_bytes=300_000_000))
    async with pool(program, limit=1) as workers:
        with pytest.raises(RequestError, match="MemoryError"):
            await workers.request(EAT, b"1000000000", 20)
        assert await workers.request(EAT, b"1000000", 20) == b"1000000"


@posix
async def test_processor_time_is_bounded_by_the_request() -> None:
    program = replace(PROGRAM, limits=ChildLimits(cpu_s=1))
    async with pool(program, limit=1) as workers:
        await workers.request(ECHO, b"", 20)
        with pytest.raises(ChildDied, match=ended_by(signal.SIGXCPU)):
            await workers.request(SPIN, b"", 60)


@posix
async def test_the_size_of_files_is_bounded(tmp_path: Path) -> None:
    program = replace(PROGRAM, limits=ChildLimits(file_bytes=1_000_000))
    async with pool(program, limit=1) as workers:
        with pytest.raises(RequestError, match="File too large"):
            await workers.request(WRITE, str(tmp_path / "big").encode(), 20)


async def test_a_child_ends_its_request_itself_should_nobody_else() -> None:
    program = replace(PROGRAM, limits=ChildLimits(request_s=0.5))
    async with pool(program, limit=1) as workers:
        with pytest.raises(ChildDied):
            await workers.request(HANG, b"", 60)


async def test_no_secret_of_the_server_reaches_a_child() -> None:
    program = replace(PROGRAM, environment={"GIVEN": "yes"})
    async with pool(program) as workers:
        environment = json.loads(await workers.request(ENVIRONMENT, b"", 20))
    assert environment["GIVEN"] == "yes"
    assert "SOME_API_KEY" not in environment


async def test_what_a_handler_raises_is_told_and_the_child_lives_on() -> None:
    async with pool(limit=1) as workers:
        with pytest.raises(RequestError, match="ValueError: no such thing"):
            await workers.request(RAISE, b"no such thing", 20)
        (pid,) = workers.pids
        await workers.request(ECHO, b"", 20)
        assert list(workers.pids) == [pid]


async def test_idle_children_are_ended_but_for_those_kept() -> None:
    async with pool(limit=3, keep=1, idle_s=0.1) as workers:
        await asyncio.gather(*(workers.request(SLEEP, b"0.2", 20) for _ in range(3)))
        pids = list(workers.pids)
        assert len(pids) == 3
        await until(lambda: len(workers.pids) == 1)
        await until(lambda: sum(map(lives, pids)) == 1)
        assert await workers.request(ECHO, b"next", 20) == b"next"


@pytest.mark.parametrize(
    ("trouble", "reason"), [("start", "ImportError: something is missing"), ("die", "signal 9|exit code 255")]
)
@posix
async def test_starts_that_fail_are_made_ever_more_slowly(trouble: str, reason: str) -> None:
    async with pool(replace(PROGRAM, environment={"TROUBLE": trouble})) as workers:
        with pytest.raises(ChildUnavailable, match=reason):
            await workers.request(ECHO, b"", 20)
        for _ in range(2):
            with pytest.raises(ChildUnavailable):
                await workers.request(ECHO, b"", 20)
        begun = time.monotonic()
        with pytest.raises(ChildUnavailable):
            await workers.request(ECHO, b"", 20)
        assert time.monotonic() - begun > 0.3  # 100 ms, doubled each time
    assert not workers.pids


async def test_a_program_that_is_not_there_fails_at_once(tmp_path: Path) -> None:
    async with pool(replace(PROGRAM, python=str(tmp_path / "python"))) as workers:
        with pytest.raises(ChildUnavailable, match="no process could be started"):
            await asyncio.wait_for(workers.request(ECHO, b"", 20), 5)


@posix
async def test_want_of_descriptors_is_waited_out() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with pool(limit=1) as workers:
        used = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 64
        resource.setrlimit(resource.RLIMIT_NOFILE, (used, hard))
        try:
            asked = asyncio.create_task(workers.request(ECHO, b"at last", 20))
            await asyncio.sleep(0.25)
            assert not asked.done()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert await asked == b"at last"


async def test_closing_ends_all_even_those_at_work() -> None:
    async with pool(limit=2) as workers:
        child = await workers.lease()
        asked = asyncio.create_task(child.request(HANG))
        await workers.request(ECHO, b"", 20)
        pids = list(workers.pids)
    assert len(pids) == 2
    with pytest.raises(ChildDied):
        await asked
    assert not any(map(lives, pids))


@posix
async def test_a_child_ends_with_its_parent() -> None:
    code = (
        "import asyncio, os\n"
        "from vasi.workers.child import Child, Program\n"
        "async def main():\n"
        "    child = await Child.spawn(Program('tests.workers.troubled'))\n"
        "    print(child.pid, flush=True)\n"
        "    os._exit(1)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await parent.communicate()
    await until(lambda: not lives(int(out)))


async def test_what_nobody_wants_any_more_is_given_up_and_its_child_goes_on() -> None:
    async with pool(Program("tests.workers.stoppable"), limit=1) as workers:
        (child,) = [await workers.lease()]
        workers.release(child)
        workers.stop()  # nothing runs
        assert await workers.request(stoppable.ECHO, b"one", 20) == b"one"
        for _ in range(3):
            counting = asyncio.create_task(workers.request(stoppable.COUNT, b"", 30))
            while not child.busy:
                await asyncio.sleep(0)
            workers.stop()
            with pytest.raises(RequestError, match="nobody wants it"):
                await counting
            assert await workers.request(stoppable.ECHO, b"two", 20) == b"two"
        assert list(workers.pids) == [child.pid]


async def test_a_program_that_cannot_give_up_goes_on_when_it_is_told_to() -> None:
    async with pool(limit=1) as workers:
        sleeping = asyncio.create_task(workers.request(SLEEP, b"0.3", 20))
        await asyncio.sleep(0.1)
        workers.stop()
        assert await sleeping == b"0.3"
        assert await workers.request(ECHO, b"one", 20) == b"one"
