"""What the service writes to its log: one line of JSON an event, without the values of variables.

The library's own way of showing an exception prints every local variable, passwords and tokens among them.
"""

import logging
import re
import sys

import structlog

LEVELS = {logging.WARNING: "warning", logging.ERROR: "error", logging.CRITICAL: "critical"}
KEY_IN_ADDRESS = re.compile(r"(?i)(\bapi_key=)[^&\s\"#]+")


def configure() -> None:
    """Set the shape of log lines for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The server's log of requests is off; who turns it on shall not find keys in it.
    access = logging.getLogger("uvicorn.access")
    if not any(isinstance(known, WithoutKeys) for known in access.filters):
        access.addFilter(WithoutKeys())


class WithoutKeys(logging.Filter):
    """Takes the values of ``api_key`` out of the addresses in a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                KEY_IN_ADDRESS.sub(r"\1***", part) if isinstance(part, str) else part for part in record.args
            )
        return True


class AsOurs(logging.Handler):
    """Writes what a library logs in the shape of our own lines."""

    def emit(self, record: logging.LogRecord) -> None:
        write = getattr(structlog.get_logger(), LEVELS.get(record.levelno, "info"))
        write(record.getMessage(), logger=record.name, exc_info=record.exc_info or None)
