"""The broker of files, with messages that appear whole.

Kombu's own transport creates a message's file and writes it afterwards. A worker that looks in between takes an empty file and dies of it.
Here a message is written under another name and then renamed, which is one step for everybody who looks.
"""

import uuid
from pathlib import Path
from time import monotonic

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict, **kwargs: object) -> None:
        """Put a message onto `queue`: the name ends in the queue's only once the whole message is there."""
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        path = Path(self.data_folder_out) / name
        unfinished = path.with_name(f"{name}.part")
        try:
            unfinished.write_bytes(dumps(payload).encode())
            unfinished.replace(path)
        except OSError as error:
            raise ChannelError(f"Cannot add file {path} to the queue's folder") from error


class Transport(filesystem.Transport):
    Channel = Channel


def use_whole_messages() -> None:
    """Let filesystem:// mean this transport, for workers, scheduler and pages alike."""
    TRANSPORT_ALIASES["filesystem"] = "twinning.broker:Transport"
