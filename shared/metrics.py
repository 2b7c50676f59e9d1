"""What a service counts about itself, in Prometheus' terms. Each service has a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

GROUP_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Metrics:
    """The metrics of one service."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.intake = Counter(
            "helhedsnet_intake_events",
            "Posted events by their type and what became of them.",
            ["type", "status"],
            registry=self.registry,
        )
        self.intake_faults = Counter(
            "helhedsnet_intake_faults", "Faults found in posted events, by code.", ["code"], registry=self.registry
        )
        self.commit_events = Histogram(
            "helhedsnet_commit_events",
            "How many events one commit held.",
            buckets=GROUP_BUCKETS,
            registry=self.registry,
        )
        self.lost_races = Counter(
            "helhedsnet_lost_races", "Units of work decided again, another process being first.", registry=self.registry
        )
        self.log_head = Gauge("helhedsnet_log_head", "The last sequence of the own log.", registry=self.registry)
        self.relayed = Gauge("helhedsnet_relayed", "The last sequence given to the stream.", registry=self.registry)
        self.consumed = Gauge(
            "helhedsnet_consumed", "The last sequence applied of each source.", ["source"], registry=self.registry
        )
        self.restarts = Counter(
            "helhedsnet_background_restarts",
            "Times that a task which must never end was started again.",
            ["task"],
            registry=self.registry,
        )
        self.relay_lag = Gauge(
            "helhedsnet_relay_lag_events",
            "Events of the own log that are not on the stream yet.",
            registry=self.registry,
        )
        self.consumer_lag = Gauge(
            "helhedsnet_consumer_lag_events",
            "Events of each source that this process knows of and has not applied.",
            ["source"],
            registry=self.registry,
        )
        self.consumer_lag_seconds = Gauge(
            "helhedsnet_consumer_lag_seconds",
            "How old the newest applied event of each source is while others wait; 0 while none does.",
            ["source"],
            registry=self.registry,
        )
        self.newest_age = Gauge(
            "helhedsnet_newest_event_age_seconds",
            "How long ago the newest event that this process applied was recorded; in reporting, the reports' age.",
            ["source"],
            registry=self.registry,
        )
        self.redelivered = Counter(
            "helhedsnet_redelivered_events",
            "Events that came again and were known.",
            ["source"],
            registry=self.registry,
        )
        self.forged = Counter(
            "helhedsnet_forged_messages",
            "Messages on a stream that its owner did not sign; their content was not read.",
            ["source"],
            registry=self.registry,
        )
        self.buried = Counter(
            "helhedsnet_buried_events",
            "Events that were put aside as dead letters.",
            ["source"],
            registry=self.registry,
        )
        self.dead_letters = Gauge(
            "helhedsnet_dead_letters", "Dead letters that wait for somebody.", ["source"], registry=self.registry
        )
        Gauge("helhedsnet_service", "Which service this is.", ["service"], registry=self.registry).labels(service).set(
            1
        )
