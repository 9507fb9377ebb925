"""The broker of plain files: a message is whole or not there, and nonsense in the folder stops nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

import kundeservice.celery  # noqa: F401  # puts our transport under the name "filesystem"

MESSAGES = 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def connection(folder: Path) -> Iterator[Connection]:
    messages = str(folder / "messages")
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": str(folder / "control")}
    with Connection("filesystem://", transport_options=options) as opened:
        yield opened


def open_channel(connection: Connection) -> Any:
    """A channel with its inner doors, which the stubs do not know."""
    return connection.channel()


def take(channel: Any, queue: str = "quick") -> Any:
    return channel._get(queue)["body"]


def message(body: str) -> dict[str, Any]:
    return {
        "body": body,
        "headers": {},
        "properties": {"delivery_tag": body, "delivery_info": {"exchange": "quick", "routing_key": "quick"}},
    }


@pytest.mark.parametrize("content", ["", '{"body": "cut o', "null", "[]", '{"body": 1}', "\x00\x00\x00"])
def test_what_cannot_be_read_is_set_aside_and_the_next_is_taken(
    folder: Path, connection: Connection, content: str
) -> None:
    (folder / "messages" / f"{0:020}_half.quick.msg").write_text(content)
    channel = open_channel(connection)
    channel._put("quick", message("whole"))

    assert take(channel) == "whole"

    assert [file.name for file in (folder / "messages").iterdir()] == [f"{0:020}_half.unreadable"]
    with pytest.raises(Empty):
        take(channel)


def test_messages_come_in_the_order_they_were_put_and_only_from_their_queue(connection: Connection) -> None:
    channel = open_channel(connection)
    for body in ("1", "2", "3"):
        channel._put("quick", message(body))
    channel._put("batch", message("other"))

    assert [take(channel) for _ in range(3)] == ["1", "2", "3"]
    with pytest.raises(Empty):
        take(channel)
    assert take(channel, "batch") == "other"


def test_readers_beside_writers_get_every_message_whole_and_once(connection: Connection, folder: Path) -> None:
    taken: list[str] = []
    failures: list[Exception] = []
    written = threading.Event()

    def write() -> None:
        channel = open_channel(connection)
        for number in range(MESSAGES):
            channel._put("quick", message(f"{number} {'x' * 20_000}"))
        written.set()

    def read() -> None:
        channel = open_channel(connection)
        try:
            while True:
                ended = written.is_set()
                try:
                    taken.append(take(channel).split()[0])
                except Empty:
                    if ended:
                        return
                    time.sleep(0.001)
        except Exception as failure:  # noqa: BLE001 - shown by the test, which would not see it in a thread
            failures.append(failure)

    threads = [threading.Thread(target=read) for _ in range(2)] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sorted(taken, key=int) == [str(number) for number in range(MESSAGES)]
    assert list((folder / "messages").iterdir()) == []


def test_a_table_of_listeners_that_is_cut_off_stops_nobody(connection: Connection, folder: Path) -> None:
    channel = open_channel(connection)
    table = folder / "control" / "celery.pidbox.exchange"
    table.write_text('[["", "", "one')

    assert channel.get_table("celery.pidbox") == []
    channel._queue_bind("celery.pidbox", "", "", "two")

    assert [binding.queue for binding in channel.get_table("celery.pidbox")] == ["two"]


def test_listeners_sign_on_and_off(connection: Connection) -> None:
    channel = open_channel(connection)
    for queue in ("one", "two", "one"):
        channel._queue_bind("celery.pidbox", "", "", queue)
    assert [binding.queue for binding in channel.get_table("celery.pidbox")] == ["two", "one"]

    channel._delete("two", "celery.pidbox", "", "")

    assert [binding.queue for binding in channel.get_table("celery.pidbox")] == ["one"]
