"""What the service writes to its log: one line of JSON an event, without the values of variables.

The library's own way of showing an exception prints every local variable, passwords and tokens among them.
"""

import sys

import structlog


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
