"""A mail server on this machine that keeps what it is given, and refuses what it is told to refuse."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class Sink:
    """`answers` maps an address to the reply to its RCPT ("550 no such mailbox"); `while_receiving` runs at each DATA."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    reply_to_data: str = "250 taken"
    while_receiving: Callable[[], None] = lambda: None

    @property
    def recipients(self) -> list[str]:
        return [message["To"] for message in self.messages]


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        sink = self.server.sink
        self.say("220 sink ready")
        while line := self.rfile.readline():
            command = line.decode().strip()
            verb = command.split(" ", 1)[0].split(":", 1)[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "RCPT":
                address = command.split("<", 1)[1].split(">", 1)[0]
                self.say(sink.answers.get(address, "250 ok"))
            elif verb == "DATA":
                self.say("354 go on")
                self.take(sink)
            else:
                self.say("250 ok")

    def take(self, sink: Sink) -> None:
        lines = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line)
        sink.while_receiving()
        if sink.reply_to_data.startswith("250"):
            sink.messages.append(message_from_bytes(b"".join(lines)))
        self.say(sink.reply_to_data)

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server() -> Iterator[Sink]:
    """A sink on a free port of this machine, for the length of the block."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.sink = Sink(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.sink
        finally:
            server.shutdown()
            thread.join()
