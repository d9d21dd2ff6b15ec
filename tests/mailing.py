"""A mail server on this machine for tests of outgoing email. It speaks SMTP, and fails as a test specifies."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial

from django.core import mail
from post_office.models import Email

from mail.outbox import SendingResult, send_queue

QUEUE = "mail.sending.OutboxBackend"
SMTP = {"default": "django.core.mail.backends.smtp.EmailBackend"}
LOCMEM = {"default": "django.core.mail.backends.locmem.EmailBackend"}


class Conversation(socketserver.StreamRequestHandler):
    """The connection of one client. It implements the part of SMTP (RFC 5321) that Django's backend uses."""

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 post.example ESMTP")
        recipients: list[str] = []
        while line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n"):
            verb = line.split(":")[0].split(" ")[0].upper()
            if (answer := self.server.answers.get(verb)) == "drop":
                return
            if answer and verb != "DATA":
                self.say(answer)
            elif verb == "EHLO":
                self.say("250-post.example\r\n250 8BITMIME")
            elif verb == "RCPT":
                recipients.append(line.partition("<")[2].rstrip(">"))
                self.say("250 known")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.took(recipients, self.data(), answer)
                recipients = []
                self.say(answer or "250 taken")
            elif verb == "QUIT":
                self.say("221 goodbye")
                return
            else:
                self.say("250 fine")

    def data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class PostServer(socketserver.ThreadingTCPServer):
    """A mail server that accepts every email unless a test specifies otherwise.

    `answers` maps an SMTP command such as "RCPT" to a response other than success, or to "drop", which closes the
    connection. `emails` has (recipients, message) of the accepted emails, and `connections` counts the connections.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.answers: dict[str, str] = {}
        self.emails: list[tuple[list[str], EmailMessage]] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    def took(self, recipients: list[str], data: bytes, refusal: str | None) -> None:
        if refusal is None:
            self.emails.append((recipients, message_from_bytes(data, policy=policy.default)))

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def post_server(settings: object, port: int = 0) -> Iterator[PostServer]:
    """Return a context manager that runs a mail server during the block and makes the site send its queue to it."""
    server = PostServer(port)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    use(settings, server.port)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def use(settings: object, port: int) -> None:
    """Set the settings so that emails are queued, and the queue is sent by SMTP to this port of this machine."""
    settings.EMAIL_BACKEND = QUEUE
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": SMTP}
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


def queued() -> list[tuple[str, str]]:
    """Return (recipient, subject) of every queued email, in the order of creation."""
    return [(row.to[0], row.subject) for row in Email.objects.order_by("pk")]


def deliver(settings: object) -> tuple[SendingResult, list]:
    """Send the queue into Django's outbox for tests (`mail.outbox`); return the result and the messages sent."""
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": LOCMEM}
    before = len(mail.outbox)
    return send_queue(), mail.outbox[before:]
