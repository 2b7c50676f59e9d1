"""What a service counts about itself, in Prometheus' terms. Each service has a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

GROUP_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Metrics:
    """The metrics of one service."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.intake = Counter(
            "helhedsnet_intake_events", "Posted events by what became of them.", ["status"], registry=self.registry
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
        self.dead_letters = Counter(
            "helhedsnet_dead_letters", "Events that could never be applied.", ["source"], registry=self.registry
        )
        Gauge("helhedsnet_service", "Which service this is.", ["service"], registry=self.registry).labels(service).set(
            1
        )
