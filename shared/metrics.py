"""What a service counts about itself, in Prometheus' terms. Each service has a registry of its own."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

GROUP_BUCKETS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)

MetricT = TypeVar("MetricT", bound=Counter | Gauge | Histogram)


class _Defined(Generic[MetricT]):
    """A metric as the table below defines it; each service's `Metrics` holds its own under the same name."""

    def __init__(self, make: Callable[[CollectorRegistry], MetricT]) -> None:
        self.make = make

    def __get__(self, metrics: "Metrics", _: type["Metrics"]) -> MetricT:
        # Never reached: what an instance holds goes before what its class defines. It tells the type of the metric.
        raise AttributeError


def _counter(name: str, meaning: str, *labels: str) -> _Defined[Counter]:
    return _Defined(lambda registry: Counter(name, meaning, labels, registry=registry))


def _gauge(name: str, meaning: str, *labels: str) -> _Defined[Gauge]:
    return _Defined(lambda registry: Gauge(name, meaning, labels, registry=registry))


def _histogram(name: str, meaning: str, *labels: str) -> _Defined[Histogram]:
    return _Defined(lambda registry: Histogram(name, meaning, labels, buckets=GROUP_BUCKETS, registry=registry))


class Metrics:
    """The metrics of one service: each with its name, what it means, and its labels."""

    intake = _counter(
        "helhedsnet_intake_events",
        "Posted events by their type, those that name people as one, and what became of them.",
        "type",
        "status",
    )
    intake_faults = _counter("helhedsnet_intake_faults", "Faults found in posted events, by code.", "code")
    commit_events = _histogram("helhedsnet_commit_events", "How many events one commit held.")
    lost_races = _counter("helhedsnet_lost_races", "Units of work decided again, another process being first.")
    log_head = _gauge("helhedsnet_log_head", "The last sequence of the own log.")
    relayed = _gauge("helhedsnet_relayed", "The last sequence given to the stream.")
    went_back = _gauge(
        "helhedsnet_log_went_back", "1 while the own log is another than was known of it, and nobody has accepted that."
    )
    consumed = _gauge("helhedsnet_consumed", "The last sequence applied of each source.", "source")
    restarts = _counter(
        "helhedsnet_background_restarts", "Times that a task which must never end was started again.", "task"
    )
    relay_lag = _gauge("helhedsnet_relay_lag_events", "Events of the own log that are not on the stream yet.")
    consumer_lag = _gauge(
        "helhedsnet_consumer_lag_events",
        "Events of each source that this process knows of and has not applied.",
        "source",
    )
    consumer_lag_seconds = _gauge(
        "helhedsnet_consumer_lag_seconds",
        "How old the newest applied event of each source is while others wait; 0 while none does.",
        "source",
    )
    newest_age = _gauge(
        "helhedsnet_newest_event_age_seconds",
        "How long ago the newest event that this process applied was recorded; in reporting, the reports' age.",
        "source",
    )
    redelivered = _counter("helhedsnet_redelivered_events", "Events that came again and were known.", "source")
    forged = _counter(
        "helhedsnet_forged_messages",
        "Messages on a stream that its owner did not sign; their content was not read.",
        "source",
    )
    parted = _gauge(
        "helhedsnet_parted",
        "1 where nothing of a source is applied, because its log is not the one that was followed.",
        "source",
    )
    buried = _counter("helhedsnet_buried_events", "Events that were put aside as dead letters.", "source")
    dead_letters = _gauge("helhedsnet_dead_letters", "Dead letters that wait for somebody.", "source")
    database_well = _gauge("helhedsnet_database_well", "1 while the database answers and takes writes.")
    database_errors = _counter(
        "helhedsnet_database_errors",
        "Errors of the database that time may mend, as parts of the service met them.",
        "error",
    )

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        for name, defined in vars(Metrics).items():
            if isinstance(defined, _Defined):
                vars(self)[name] = defined.make(self.registry)
        self.database_well.set(1)
        Gauge("helhedsnet_service", "Which service this is.", ["service"], registry=self.registry).labels(service).set(
            1
        )
