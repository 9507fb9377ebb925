"""Publishing what is due, every minute."""

from __future__ import annotations

import logging

from celery import shared_task

from awards.services.publication import publish_due_editions
from kundeservice.core import clock

logger = logging.getLogger(__name__)


@shared_task(name="awards.publish_due_editions")
def publish_due() -> None:
    """Publish every edition whose planned time has come; sent by beat. Running it twice publishes once."""
    for code in publish_due_editions(at=clock.now()):
        logger.info("Edition %s is published.", code)
