"""A mail server on loopback, just enough of RFC 5321 to be talked to by smtplib; keeps what it was handed."""

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What arrived, and how the server behaves."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    refused: set[str] = field(default_factory=set)  # addresses nobody has here
    rejects_with: str = ""  # the answer to every letter instead of taking it
    pause: float = 0.0  # seconds a letter takes
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ids(self) -> list[str]:
        with self.lock:
            return [letter["Message-ID"] for letter in self.letters]

    def to(self, address: str) -> list[EmailMessage]:
        with self.lock:
            return [letter for letter in self.letters if letter["To"] == address]


class _Conversation(socketserver.StreamRequestHandler):
    mailbox: Mailbox

    def handle(self) -> None:
        with self.mailbox.lock:
            self.mailbox.connections += 1
        self.say("220 loopback")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self.take()
            elif verb == "RCPT" and any(f"<{address}>" in line for address in self.mailbox.refused):
                self.say("550 no such mailbox")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.mailbox.rejects_with:
            self.say(self.mailbox.rejects_with)
            return
        with self.mailbox.lock:
            self.mailbox.letters.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        time.sleep(self.mailbox.pause)  # taken, not yet confirmed: when a sender dies here, it cannot know
        self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed in mid-sentence is part of some tests."""


@contextmanager
def smtp_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with _Server(("127.0.0.1", 0), type("Conversation", (_Conversation,), {"mailbox": mailbox})) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
