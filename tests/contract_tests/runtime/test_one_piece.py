"""Responses are sent in one piece."""

from __future__ import annotations

import asyncio

from contract_tests.runtime.one_piece import Gathering


class Noting:
    """A transport that notes what is done with it."""

    def __init__(self) -> None:
        self.done: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.done


def test_what_is_written_in_one_turn_is_sent_together() -> None:
    async def write() -> list[bytes | str]:
        transport = Noting()
        gathering = Gathering(transport, asyncio.get_running_loop())
        gathering.write(b"head")
        gathering.write(b"body")
        await asyncio.sleep(0)
        gathering.write(b"next")
        await asyncio.sleep(0)
        return transport.done

    assert asyncio.run(write()) == [b"headbody", b"next"]


def test_all_is_written_before_the_connection_is_closed() -> None:
    async def write_and_close() -> list[bytes | str]:
        transport = Noting()
        gathering = Gathering(transport, asyncio.get_running_loop())
        gathering.write(b"last")
        gathering.close()
        assert gathering.is_closing()
        await asyncio.sleep(0)
        return transport.done

    assert asyncio.run(write_and_close()) == [b"last", "closed"]
