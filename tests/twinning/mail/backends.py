"""Mail backends of the tests: what a mail server may do to us, where a real socket would only make it slower."""

from typing import ClassVar

from django.core.mail.backends.base import BaseEmailBackend

from twinning.mail.models import Letter
from twinning.mail.services import deliver_letter


class UnreachableBackend(BaseEmailBackend):
    """Nobody listens."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("Connection refused")


class GreedyBackend(BaseEmailBackend):
    """While it sends, a second deliverer tries the same letter."""

    sent: ClassVar[list[str]] = []
    second_tries: ClassVar[list[bool]] = []

    @classmethod
    def begin(cls) -> None:
        cls.sent.clear()
        cls.second_tries.clear()

    def send_messages(self, email_messages):
        for message in email_messages:
            letter = Letter.objects.get(to_address=message.to[0])
            self.second_tries.append(deliver_letter(letter.pk, now=letter.claimed_at))
            self.sent.extend(message.to)
        return len(email_messages)
