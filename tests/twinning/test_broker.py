"""The broker of files under load: whoever looks finds whole messages, and each message once."""

import threading
from pathlib import Path

import pytest
from kombu import Connection

from twinning.broker import Channel, use_whole_messages

MESSAGES = 400


@pytest.fixture
def connect(tmp_path):
    use_whole_messages()
    for folder in ("queue", "control", "processed"):
        (tmp_path / folder).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
        "processed_folder": str(tmp_path / "processed"),
    }
    opened = []

    def open_connection():
        opened.append(Connection("filesystem://", transport_options=options))
        return opened[-1]

    yield open_connection
    for connection in opened:
        connection.release()


def test_the_address_of_the_default_broker_means_this_transport(connect):
    assert isinstance(connect().channel(), Channel)


def test_a_reader_finds_each_message_whole_and_once(connect):
    queue = connect().SimpleQueue("busy")
    writer = threading.Thread(target=write_many, args=(connect(),))
    writer.start()
    found = [queue.get(timeout=20).payload["number"] for _message in range(MESSAGES)]
    writer.join()

    assert sorted(found) == list(range(MESSAGES))


def write_many(connection):
    queue = connection.SimpleQueue("busy")
    for number in range(MESSAGES):
        queue.put({"number": number, "filling": "x" * 2000})


def test_a_message_that_is_being_written_is_none_yet(connect, monkeypatch):
    queue, seen = connect().SimpleQueue("slow"), []
    rename = Path.write_bytes

    def look_before_renaming(path, data):
        written = rename(path, data)
        seen.append(queue.channel._size("slow"))
        return written

    monkeypatch.setattr(Path, "write_bytes", look_before_renaming)
    queue.put({"number": 1})

    assert (seen, queue.channel._size("slow")) == ([0], 1)


def test_a_folder_that_is_gone_is_a_refusal_of_the_broker(connect, tmp_path):
    from kombu.exceptions import ChannelError

    channel = connect().channel()
    for file in (tmp_path / "queue").iterdir():
        file.unlink()
    (tmp_path / "queue").rmdir()

    with pytest.raises(ChannelError, match="Cannot add file"):
        channel._put("lost", {"number": 1})
