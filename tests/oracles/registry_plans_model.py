"""The rest of what the registry should answer: plans, partners, goals, milestones, mentors, stories and consent.

Like `registry_model.py`, it keeps the events that were taken and asks them anew for each question.
"""

from typing import Any

from tests.oracles.registry_model import EFFORT_AREAS, MENTORS, Model
from tests.support.builders import Json


class WholeModel(Model):
    """The model of every rule; its plans are among the events that were taken."""

    def __init__(self, accepted_years: dict[str, set[int]]) -> None:
        super().__init__()
        self.accepted_years = accepted_years
        # A scale stays what it was in an area, also when everybody who was measured on it is forgotten.
        self.scales: dict[tuple[str, str], tuple[float, float]] = {}

    def say(self, event: Json) -> bool:
        """Tell whether an event is taken, remember it if so, and forget whom it tells to forget."""
        taken = super().say(event)
        name, _, data = self.taken[-1] if taken else ("", "", {})
        if name == "consent.withdrawn":
            self._forget(event["source"].removeprefix("/areas/"), data["participant"])
        elif name == "outcome.measured":
            self.scales[self._scale_of(data)] = (data["scale_min"], data["scale_max"])
        return taken

    def plan(self, name: str) -> Json | None:
        """Give a plan as it stands: the areas it belongs to, its first and last day, and when it was closed."""
        approved = self.told("plan.approved", plan=name)
        if not approved:
            return None
        ends = [approved[0]["end"], *(item["end"] for item in self.told("plan.extended", plan=name))]
        closings = self.told("plan.closed", plan=name)
        (speaker,) = (source for kind, source, data in self.taken if kind == "plan.approved" and data["plan"] == name)
        consented = {speaker, *(item["area"] for item in self.told("plan.consented", plan=name))}
        areas = [area for area in approved[0]["areas"] if speaker == "/network" or area in consented]
        return {**approved[0], "areas": areas, "end": ends[-1], "closed": closings[0]["date"] if closings else None}

    def own_plan(self, source: str, name: str) -> Json | None:
        """Give a plan that somebody may speak of."""
        plan = self.plan(name)
        return plan if plan and source in ("/network", *plan["areas"]) else None

    def kind_of(self, organisation: str) -> str | None:
        """Give the kind of an organisation as it was last said."""
        told = self.told("organisation.registered", organisation=organisation)
        return told[-1]["kind"] if told else None

    def takes_activity_started(self, source: str, data: Json) -> bool:
        """As ever, while its plan goes on."""
        planned = self.told("activity.planned", activity=data["activity"])
        plan = self.plan(planned[0]["plan"]) if planned else None
        goes_on = plan is None or plan["closed"] is None
        return goes_on and super().takes_activity_started(source, data)

    def takes_area_registered(self, source: str, _: Json) -> bool:
        """By the network alone."""
        return source == "/network"

    def takes_pool_defined(self, source: str, data: Json) -> bool:
        """By the network alone; what crosses over is an effort area of the pool."""
        own = {item["effort_area"] for item in data["effort_areas"]}
        return source == "/network" and all(item["effort_area"] in own for item in data.get("crosswalk", ()))

    def takes_organisation_registered(self, source: str, data: Json) -> bool:
        """By the network at any time; by an area what nobody else was first with, and no municipality."""
        said = [
            (said_by, kind_of["kind"])
            for name, said_by, kind_of in self.taken
            if name == "organisation.registered" and kind_of["organisation"] == data["organisation"]
        ]
        is_public = "municipality" in (data["kind"], *(kind for _, kind in said[-1:]))
        return source == "/network" or (not is_public and all(said_by == source for said_by, _ in said[:1]))

    def takes_plan_consented(self, source: str, data: Json) -> bool:
        """Once, by an area that the plan was approved for and does not belong to yet, while it goes on."""
        plan, approved = self.plan(data["plan"]), self.told("plan.approved", plan=data["plan"])
        return (
            source in ("/network", data["area"])
            and plan is not None
            and plan["closed"] is None
            and data["area"] in approved[0]["areas"]
            and data["area"] not in plan["areas"]
        )

    def takes_plan_approved(self, source: str, data: Json) -> bool:
        """Once, by an area of its own, for known areas, for at most 48 months."""
        first, last = data["start"].split("-"), data["end"].split("-")
        months = (int(last[0]) - int(first[0])) * 12 + int(last[1]) - int(first[1]) + (last[2] >= first[2])
        return (
            not self.told("plan.approved", plan=data["plan"])
            and source in ("/network", *data["areas"])
            and all(self.told("area.registered", area=area) for area in data["areas"])
            and data["pool"] in ("2011-14", "2015-18", "2019-26", *(item["pool"] for item in self.told("pool.defined")))
            and months <= 48
        )

    def takes_plan_extended(self, source: str, data: Json) -> bool:
        """To a later day, while it goes on."""
        plan = self.own_plan(source, data["plan"])
        return plan is not None and plan["closed"] is None and data["end"] > plan["end"]

    def takes_plan_closed(self, source: str, data: Json) -> bool:
        """Once, when nothing of it runs after that day and every year's statement is accepted."""
        plan, day = self.own_plan(source, data["plan"]), data["date"]
        if plan is None or plan["closed"] is not None or day < plan["start"]:
            return False
        for planned in self.told("activity.planned", plan=data["plan"]):
            started, ended = self.life(planned["activity"])
            if started is not None and (ended is None or ended > day):
                return False
        years = range(int(plan["start"][:4]), int(min(day, plan["end"])[:4]) + 1)
        return set(years) <= self.accepted_years.get(data["plan"], set())

    def _inside(self, plan: Json | None, day: str) -> bool:
        return plan is not None and plan["start"] <= day <= plan["end"]

    def _partner(self, data: Json) -> list[list[Any]]:
        who = {key: data[key] for key in ("plan", "organisation", "role")}
        return self.roles("partner", "joined", "left", **who)

    def takes_partner_joined(self, source: str, data: Json) -> bool:
        """A known organisation, inside the plan, once at a time per role."""
        return (
            self._inside(self.own_plan(source, data["plan"]), data["date"])
            and self.kind_of(data["organisation"]) is not None
            and all(end is not None and end < data["date"] for _, end in self._partner(data))
        )

    def takes_partner_left(self, source: str, data: Json) -> bool:
        """A role that is open, inside the plan, not before it began."""
        times = self._partner(data)
        return (
            self._inside(self.own_plan(source, data["plan"]), data["date"])
            and self.kind_of(data["organisation"]) is not None
            and bool(times)
            and times[-1][1] is None
            and times[-1][0] <= data["date"]
        )

    def takes_goal_set(self, source: str, data: Json) -> bool:
        """In an effort area of the plan's pool; again and again."""
        return self.own_plan(source, data["plan"]) is not None and data["effort_area"] in EFFORT_AREAS

    def takes_goal_assessed(self, source: str, data: Json) -> bool:
        """Of a goal that is set, for a year of the plan."""
        plan = self.own_plan(source, data["plan"])
        return (
            plan is not None
            and bool(self.told("goal.set", plan=data["plan"], goal=data["goal"]))
            and int(plan["start"][:4]) <= data["year"] <= int(plan["end"][:4])
        )

    def takes_milestone_planned(self, source: str, data: Json) -> bool:
        """Due inside the plan, until it is reached."""
        same = {key: data[key] for key in ("plan", "milestone")}
        return (
            self._inside(self.own_plan(source, data["plan"]), data["due"])
            and data.get("effort_area", "beskaeftigelse") in EFFORT_AREAS
            and not self.told("milestone.reached", **same)
        )

    def takes_milestone_reached(self, source: str, data: Json) -> bool:
        """One that is planned, once, not before the plan begins."""
        same = {key: data[key] for key in ("plan", "milestone")}
        plan = self.own_plan(source, data["plan"])
        return (
            plan is not None
            and bool(self.told("milestone.planned", **same))
            and not self.told("milestone.reached", **same)
            and plan["start"] <= data["date"]
        )

    def takes_activity_planned(self, source: str, data: Json) -> bool:
        """In the plan's days as they are now, in an area of its own, in an effort area of its pool; once."""
        plan = self.plan(data["plan"])
        return (
            source in ("/network", data["area"])
            and not self.told("activity.planned", activity=data["activity"])
            and plan is not None
            and data["area"] in plan["areas"]
            and data["effort_area"] in EFFORT_AREAS
            and plan["start"] <= data["start"]
            and data["end"] <= plan["end"]
        )

    def takes_activity_anchored(self, source: str, data: Json) -> bool:
        """With a known organisation, from its planned beginning at the earliest."""
        if not self.speaks(source, data["activity"]):
            return False
        planned = self.told("activity.planned", activity=data["activity"])[0]
        return self.kind_of(data["organisation"]) is not None and planned["start"] <= data["from"]

    def _mentor(self, data: Json) -> list[list[Any]]:
        who = {key: data[key] for key in ("activity", "organisation")}
        return self.roles("mentor", "engaged", "released", **who)

    def takes_mentor_engaged(self, source: str, data: Json) -> bool:
        """A company or an association, once at a time."""
        return (
            self.speaks(source, data["activity"])
            and self.kind_of(data["organisation"]) in MENTORS
            and all(end is not None and end < data["date"] for _, end in self._mentor(data))
        )

    def takes_mentor_released(self, source: str, data: Json) -> bool:
        """A mentor, not before having begun."""
        times = self._mentor(data)
        return (
            self.speaks(source, data["activity"])
            and bool(times)
            and times[-1][1] is None
            and times[-1][0] <= data["date"]
        )

    def takes_business_closed(self, source: str, data: Json) -> bool:
        """Once, not before it was founded, naming only who had been enrolled by then."""
        same = {key: data[key] for key in ("activity", "business")}
        founded = self.told("business.founded", **same)
        return (
            self.speaks(source, data["activity"])
            and bool(founded)
            and not self.told("business.closed", **same)
            and founded[0]["date"] <= data["date"]
            and all(
                any(first <= data["date"] for _, first, _ in self.stays(data["activity"], who))
                for who in data.get("members", ())
            )
        )

    def takes_story_published(self, source: str, data: Json) -> bool:
        """Once, of a known area, by itself, of an activity of its own if of any."""
        activity = data.get("activity")
        return (
            source in ("/network", data["area"])
            and bool(self.told("area.registered", area=data["area"]))
            and not self.told("story.published", story=data["story"])
            and (activity is None or bool(self.told("activity.planned", activity=activity, area=data["area"])))
        )

    def takes_story_withdrawn(self, source: str, data: Json) -> bool:
        """One that was published, by its area, once."""
        told = self.told("story.published", story=data["story"])
        return (
            bool(told)
            and source in ("/network", told[0]["area"])
            and not self.told("story.withdrawn", story=data["story"])
        )

    def takes_outcome_measured(self, source: str, data: Json) -> bool:
        """As before, on the scale that was ever first in the area."""
        scale = data["scale_min"], data["scale_max"]
        return (
            self.speaks(source, data["activity"])
            and self.scales.get(self._scale_of(data), scale) == scale
            and super().takes_outcome_measured(source, data)
        )

    def _scale_of(self, data: Json) -> tuple[str, str]:
        area: str = self.told("activity.planned", activity=data["activity"])[0]["area"]
        return area, data["instrument"]

    def takes_consent_withdrawn(self, source: str, data: Json) -> bool:
        """Where anything is kept of the participant in an area that speaks."""
        return bool(self._kept_in(source, data["participant"]))

    def _kept_in(self, source: str, who: str) -> set[str]:
        names = [
            *(item["activity"] for item in self.told("participant.enrolled", participant=who)),
            *(item["activity"] for item in self.told("volunteer.engaged", volunteer=who)),
        ]
        return {name for name in names if self.speaks(source, name)}

    def _forget(self, source: str, who: str) -> None:
        """Take out all that was said of somebody in the activities of which the source may speak."""
        kept_in = self._kept_in(source, who)
        self.taken = [
            (name, said_by, data)
            for name, said_by, data in self.taken
            if data.get("activity") not in kept_in or who not in (data.get("participant"), data.get("volunteer"))
        ]
