"""Structured logs: one line of JSON per fact, to standard error. Owns no event; never logs people or amounts."""

import logging
import sys
from typing import Final

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

ADDRESS_AT: Final = 2


def configure(level: str, *additions: Processor) -> None:
    """Set up logging for this process, with what else each line shall say; said again, it changes both."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *additions,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Where it broke, not with what: local variables hold whole events, and with them people.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def without_query(record: logging.LogRecord) -> bool:
    """Cut the query off the address in a line of uvicorn's access log: it may be an invitation, or name somebody.

    The address stands third. A mark that is written as an escape begins a query too, where a link was mangled.
    """
    if isinstance(record.args, tuple) and len(record.args) > ADDRESS_AT:
        address = str(record.args[ADDRESS_AT])
        path = address.partition("?")[0].partition("%3F")[0]
        record.args = (*record.args[:ADDRESS_AT], path, *record.args[ADDRESS_AT + 1 :])
    return True
