"""Joins the rules of the registry's themes: each module says at its end which rule decides which event. Pure."""

from typing import Any, Final

from services.registry.domain import activities, corrections, network, people, plans, rights, sharing
from shared.backbone.decisions import Decision, rules_of
from shared.backbone.working_set import WorkingSet
from shared.events.envelope import CloudEvent

RULES: Final = rules_of(network.RULES, plans.RULES, activities.RULES, people.RULES, corrections.RULES, sharing.RULES)


def decide(state: WorkingSet, event: CloudEvent[Any]) -> Decision:
    """Check that the sender may say an event, and apply its rule."""
    kind = type(event.data)
    rights.CHECKS[kind](state, event)
    return RULES[kind](state, event)
