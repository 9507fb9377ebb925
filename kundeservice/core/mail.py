"""Handing mail to the mail server without letting anybody measure it.

A log-in page that waits for the mail server answers slower for addresses it knows, which tells who takes part.
"""

import logging
import threading
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def hand_over(message: EmailMessage) -> None:
    """Send `message`: by a thread of its own when the mail goes over a network, else at once. Failures are logged."""
    if settings.MAIL_TAKES_TIME:
        threading.Thread(target=_send, args=(message,), name="mail").start()
    else:
        _send(message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (SMTPException, OSError):
        # The address stays out of the log: it is personal, and the mail server's own log has it.
        logger.exception("A mail could not be sent.")
