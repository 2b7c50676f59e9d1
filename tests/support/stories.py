"""Stories in which each event of a service occurs, and may be said by the area that it concerns."""

from typing import Final

from shared.events.catalogue import CATALOGUES
from tests.support.builders import Json, a_plan, an_event, an_expense
from tests.support.deciding import AWAY, told
from tests.support.money import (
    LBF,
    MUNICIPALITY,
    WAGES,
    a_budget,
    a_confirmation,
    a_receipt,
    a_release,
    a_resumption,
    a_reversal,
    a_revision,
    a_statement,
    a_withholding,
    three_commitments,
)
from tests.support.senders import AREAS, INVITED, OTHER, OWN

NETWORK: Final = "/network"
OF_OTHER: Final = f"/areas/{OTHER}"


def the_registrys() -> list[Json]:
    """Give the registry's story: each event stands in it, after all that it needs.

    What has no place of its own is told before things end, as its example has it.
    """
    begun, ended = _begun(), _ended()
    placed = {event["type"] for event in (*begun, *ended)}
    others = [event for event in CATALOGUES["registry"].events if event.type_name() not in placed]
    return [*begun, *(told(event.event_name) for event in others), *ended]


def _begun() -> list[Json]:
    shared = {"activity": "fritidsjob-gellerup", "source": OF_OTHER}
    return [
        *(told("area.registered", area=area, source=NETWORK) for area in AREAS),
        told("pool.defined", source=NETWORK),
        told("organisation.registered", organisation="tryk-og-skilte", kind="company", source=NETWORK),
        told("organisation.registered"),
        told("organisation.registered", kind="association"),
        told("plan.approved", areas=[OWN, OTHER, INVITED]),
        told("plan.consented", area=OTHER, source=OF_OTHER),
        told("plan.approved", plan="faelles", areas=[OTHER, OWN], source=OF_OTHER),
        told("plan.consented", plan="faelles", area=OWN),
        told("plan.approved", plan="nyplan", areas=[OWN, OTHER]),
        told("partner.joined"),
        told("goal.set"),
        told("goal.assessed"),
        told("milestone.planned"),
        told("milestone.reached"),
        told("activity.planned", area=OTHER, **shared),
        told("activity.planned"),
        told("practice.shared", **shared),
        told("practice.shared"),
        told("practice.adopted"),
        told("activity.started"),
        told("course.opened"),
        told("participant.enrolled"),
        told("participant.enrolled", participant=AWAY, course=None),
        told("attendance.recorded"),
        told("session.cancelled"),
        told("volunteer.engaged"),
        told("volunteer.hours"),
        told("volunteer.left"),
        told("mentor.engaged"),
        told("mentor.released"),
        told("business.founded"),
        told("business.closed"),
        told("outcome.measured"),
        told("participant.left"),
        told("followup.recorded"),
    ]


def _ended() -> list[Json]:
    return [
        told("course.closed"),
        told("activity.anchored"),
        told("activity.ended"),
        told("story.published"),
        told("story.withdrawn"),
        told("partner.left"),
        told("plan.extended"),
        told("participant.corrected"),
        told("participant.merged"),
        told("consent.withdrawn"),
        told("plan.closed", date="2026-05-31"),
    ]


def heard_of() -> list[Json]:
    """Give what the registry tells funding before its story."""
    effort_areas = [
        {"effort_area": name, "name": name.capitalize()} for name in ("beskaeftigelse", "kriminalitetsforebyggelse")
    ]
    pool = {"pool": "2019-26", "name": "2019-26", "start": "2019-01-01", "end": "2026-12-31"}
    return [an_event("pool.defined", {**pool, "effort_areas": effort_areas}), a_plan(areas=[OWN, OTHER, INVITED])]


def fundings() -> list[Json]:
    """Give funding's story, the same way."""
    said = [
        *three_commitments(),
        a_confirmation(LBF),
        a_release(LBF, 5),
        a_receipt(LBF, 5),
        a_withholding(),
        a_resumption(),
        a_release(MUNICIPALITY, 5),
        a_budget(),
        a_revision(loen_2025=-5, aktiviteter_2025=5),
        an_expense(line=WAGES, amount_ore=5),
        a_reversal(),
        a_statement("submitted"),
        a_statement("returned"),
        a_statement("submitted"),
        a_statement("accepted"),
    ]
    of_the_network = ("confirmed", "returned", "accepted")
    return [
        {**event, "source": NETWORK if any(word in event["type"] for word in of_the_network) else f"/areas/{OWN}"}
        for event in said
    ]
