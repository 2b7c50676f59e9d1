"""How the registry's events about the network, plans, activities and stories are told, each so that it is accepted."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from tests.fuzz.plans import Activity, Plan
from tests.fuzz.telling import LAST_DAY, First, Impossible, Teller, Told
from tests.support.builders import Json

MAX_AREAS: Final = 2
MAX_PLANS: Final = 16
MAX_ACTIVITIES: Final = 3
MAX_ORGANISATIONS: Final = 8
FOUNDING_POOL: Final = "2019-26"
CVR: Final = "13585628"
ORGANISATION_KINDS: Final = (
    *("company", "association", "municipality", "housing_organisation", "landsbyggefonden", "foundation", "other"),
)
MENTOR_KINDS: Final = frozenset({"company", "association"})
ROLES: Final = ("applicant", "municipality", "funder", "mentor_company", "collaborator")
LENSES: Final = ("self_perception", "others_perception", "personal_competence", "professional_competence")


def area_registered(teller: Teller) -> Told:
    """Register an area, or say anew what is known of one."""
    areas = teller.world.areas
    area = teller.name("omraade") if len(areas) < MAX_AREAS else teller.dice.choice(areas)
    data = {"area": area, "name": teller.title(), "municipality": "Aarhus Kommune", "departments": [teller.title()]}
    return Told("area.registered", None, {**data, "residents": teller.dice.randint(0, 9_000)})


def pool_defined(teller: Teller) -> Told:
    """Define a pool of one's own, again and again."""
    names = ["indsats-a", "indsats-b", "indsats-c"]
    return Told(
        "pool.defined",
        None,
        {
            "pool": f"{teller.world.own}-pulje",
            "name": teller.title(),
            "start": "2019-01-01",
            "end": "2030-12-31",
            "effort_areas": [{"effort_area": name, "name": teller.title()} for name in names],
            "crosswalk": [
                {"effort_area": name, "other_pool": FOUNDING_POOL, "other_effort_area": "beskaeftigelse"}
                for name in names[: teller.dice.randint(1, 3)]
            ],
        },
    )


def organisation_registered(teller: Teller) -> Told:
    """Register an organisation; the first are of the kinds that others need."""
    known = teller.world.organisations
    number = len(known)
    if number >= MAX_ORGANISATIONS:
        name = teller.one_of(known)
        return Told("organisation.registered", None, {"organisation": name, "name": "Ny", "kind": known[name]})
    kind = ORGANISATION_KINDS[number % len(ORGANISATION_KINDS)]
    data = {"organisation": teller.name("organisation"), "name": teller.title(), "kind": kind}
    return Told("organisation.registered", None, {**data, "cvr": CVR} if teller.chance(0.5) else data)


def plan_approved(teller: Teller) -> Told:
    """Approve a plan: the first is long and goes on, the later ones are short and over."""
    world, dice = teller.world, teller.dice
    if len(world.areas) < MAX_AREAS:
        raise First(area_registered(teller))
    if len(world.plans) >= MAX_PLANS:
        raise Impossible
    if not world.plans:
        start, end = date(2023, 8, 1), date(2027, 7, 31)
    else:
        start = dice.choice((date(2023, 1, 1), date(2023, 3, 1), date(2024, 1, 1), date(2024, 2, 29)))
        end = dice.choice((date(start.year, 12, 31), date(start.year + 1, 6, 30)))
    # Every other plan is of several areas and said by one of them: nothing is told of it until the others consent.
    is_waiting = len(world.plans) % 2 == 1
    several = is_waiting or (bool(world.plans) and teller.chance(0.3))
    areas = dice.sample(world.areas, MAX_AREAS) if several else [dice.choice(world.areas)]
    speaker = None if several and not is_waiting else areas[0]
    data = {"plan": teller.name("plan"), "name": teller.title(), "pool": dice.choice([*world.pools]), "areas": areas}
    days = {"start": start.isoformat(), "end": end.isoformat()}
    return Told("plan.approved", speaker, {**data, **days, "approval_reference": "LBF 2023-1"})


def plan_extended(teller: Teller) -> Told:
    """Extend the long plan."""
    plan = teller.one_of(plan for plan in _going_on(teller) if plan.end > LAST_DAY and plan.end.year < 2030)
    end = (plan.end + timedelta(days=teller.dice.randint(1, 40))).isoformat()
    return Told("plan.extended", teller.speaker(plan.areas), _of(plan, end=end, approval_reference="LBF 2026-3"))


def plan_closed(teller: Teller) -> Told:
    """Close a short plan, when its statements are accepted and nothing of it runs; else do what is missing of that."""
    short = [plan for plan in _going_on(teller) if plan.end < LAST_DAY]
    over = [plan for plan in short if all(plan.statements.get(year) == "accepted" for year in plan.years)]
    if not over:
        plan = max(short, key=lambda plan: len(plan.statements), default=None)
        year = next((year for year, word in plan.statements.items() if word == "submitted"), None) if plan else None
        if plan is None or year is None:
            raise Impossible
        raise First(Told("statement.accepted", None, _of(plan, year=year)))
    plan = teller.one_of(over)
    for activity in teller.world.activities_of(plan.name):
        if activity.runs or (activity.ended and activity.ended > plan.end):
            raise First(_end_of(teller, activity, plan.end))
    return Told("plan.closed", teller.speaker(plan.areas), _of(plan, date=plan.end.isoformat()))


def partner_joined(teller: Teller) -> Told:
    """Let an organisation take a role that it never had."""
    plan = teller.plan()
    if not teller.world.organisations:
        raise First(organisation_registered(teller))
    pairs = ((name, role) for name in teller.world.organisations for role in ROLES)
    organisation, role = teller.one_of(pair for pair in pairs if pair not in plan.partners)
    data = _of(plan, organisation=organisation, role=role, date=teller.day(plan.start, plan.end))
    return Told("partner.joined", teller.speaker(plan.areas), data)


def partner_left(teller: Teller) -> Told:
    """Let an organisation give up a role."""
    plan = teller.one_of(plan for plan in _agreed(teller) if any(plan.partners.values()))
    (organisation, role), since = teller.one_of(item for item in plan.partners.items() if item[1])
    day = teller.day(since or plan.start, plan.end)
    data = _of(plan, organisation=organisation, role=role, date=day)
    return Told("partner.left", teller.speaker(plan.areas), data)


def goal_set(teller: Teller) -> Told:
    """Set a goal, or update one."""
    plan = teller.plan()
    goal = teller.name("maal") if len(plan.goals) < MAX_ACTIVITIES else teller.one_of(sorted(plan.goals))
    data = {"goal": goal, "effort_area": _effort_area(teller, plan), "title": teller.title(), "target": 12.5}
    return Told("goal.set", teller.speaker(plan.areas), _of(plan, **data, indicator=teller.title(), baseline=-1))


def goal_assessed(teller: Teller) -> Told:
    """Say how far a goal was reached."""
    plan = teller.one_of(plan for plan in _agreed(teller) if plan.goals)
    attainment = teller.dice.choice(("reached", "partly", "not_reached"))
    year = teller.one_of(year for year in plan.years if year <= LAST_DAY.year)
    data = _of(plan, goal=teller.one_of(sorted(plan.goals)), year=year, attainment=attainment, comment=teller.title())
    return Told("goal.assessed", teller.speaker(plan.areas), data)


def milestone_planned(teller: Teller) -> Told:
    """Plan a milestone, or move one."""
    plan = teller.plan()
    waiting = [name for name, reached in plan.milestones.items() if not reached]
    milestone = teller.one_of(waiting) if len(waiting) >= MAX_ACTIVITIES else teller.name("milepael")
    data = _of(plan, milestone=milestone, title=teller.title(), due=teller.day(plan.start, plan.end))
    return Told("milestone.planned", teller.speaker(plan.areas), data)


def milestone_reached(teller: Teller) -> Told:
    """Reach a milestone."""
    waiting = ((plan, name) for plan in _agreed(teller) for name, reached in plan.milestones.items() if not reached)
    plan, milestone = teller.one_of(waiting)
    data = _of(plan, milestone=milestone, date=teller.day(plan.start, plan.end), evidence=teller.title())
    return Told("milestone.reached", teller.speaker(plan.areas), data)


def activity_planned(teller: Teller) -> Told:
    """Plan an activity over the whole of its plan."""
    world = teller.world
    room = [plan for plan in _going_on(teller) if len(world.activities_of(plan.name)) < MAX_ACTIVITIES]
    if not room:
        raise First(plan_approved(teller))
    plan = teller.one_of(room)
    area = teller.one_of(plan.areas)
    days = {"start": plan.start.isoformat(), "end": plan.end.isoformat()}
    data = {"activity": teller.name("aktivitet"), "area": area, "name": teller.title(), "kind": "klub", **days}
    return Told("activity.planned", area, _of(plan, **data, effort_area=_effort_area(teller, plan), capacity=400))


def activity_started(teller: Teller) -> Told:
    """Start an activity, or let one that has ended go on."""
    activities = [each for each in teller.world.activities.values() if not teller.world.plans[each.plan].is_closed]
    waiting = [each for each in activities if each.started is None]
    if waiting:
        activity = teller.one_of(waiting)
        day = teller.day(activity.start, min(activity.end, activity.start + timedelta(days=14)))
        return Told("activity.started", activity.area, {"activity": activity.name, "date": day})
    try:
        raise First(activity_planned(teller))
    except Impossible:
        activity = teller.one_of(each for each in activities if each.ended)
    day = teller.day(activity.started or activity.start, activity.end)
    return Told(
        "activity.started", activity.area, {"activity": activity.name, "date": day, "reason": "Det var en fejl"}
    )


def running(teller: Teller) -> Activity:
    """Give an activity that runs.

    Raises:
        First: one must be started first.
    """
    found = [activity for activity in teller.world.activities.values() if activity.runs]
    if not found:
        raise First(activity_started(teller))
    return teller.one_of(found)


def activity_ended(teller: Teller) -> Told:
    """End an activity, on its last day."""
    activity = running(teller)
    return _end_of(teller, activity, activity.end)


def _end_of(teller: Teller, activity: Activity, last: date) -> Told:
    day = max(activity.started or activity.start, min(last, LAST_DAY)).isoformat()
    return Told("activity.ended", teller.about(activity), {"activity": activity.name, "date": day, "reason": "Slut"})


def activity_anchored(teller: Teller) -> Told:
    """Let an organisation carry an activity on."""
    activity = teller.one_of(teller.world.activities.values())
    if not teller.world.organisations:
        raise First(organisation_registered(teller))
    data = {"activity": activity.name, "organisation": teller.one_of(teller.world.organisations)}
    data |= {"from": activity.end.isoformat(), "funding_note": teller.title()}
    return Told("activity.anchored", teller.about(activity), data)


def course_opened(teller: Teller) -> Told:
    """Open a course at the beginning of an activity."""
    activity = running(teller)
    if len(activity.courses) >= MAX_ACTIVITIES:
        raise Impossible
    start = teller.day(activity.start, min(activity.end, activity.start + timedelta(days=30)))
    data = {"course": teller.name("forloeb"), "activity": activity.name, "start": start}
    return Told("course.opened", teller.about(activity), {**data, "end": activity.end.isoformat()})


def course_closed(teller: Teller) -> Told:
    """Close a course on the last day of its activity."""
    activities = teller.world.activities.values()
    activity, course = teller.one_of(
        (each, course) for each in activities for course, is_open in each.courses.items() if is_open
    )
    data = {"course": course, "date": min(activity.end, LAST_DAY).isoformat()}
    return Told("course.closed", teller.about(activity), data)


def mentor_engaged(teller: Teller) -> Told:
    """Engage a company or an association."""
    activity = running(teller)
    mentors = [name for name, kind in teller.world.organisations.items() if kind in MENTOR_KINDS]
    if not mentors:
        raise First(organisation_registered(teller))
    organisation = teller.one_of(name for name in mentors if name not in activity.mentors)
    data = {"activity": activity.name, "organisation": organisation}
    return Told("mentor.engaged", teller.about(activity), {**data, "date": teller.day(activity.start, activity.end)})


def mentor_released(teller: Teller) -> Told:
    """Release a mentor, late enough that it can begin anew after it."""
    activities = teller.world.activities.values()
    activity, organisation, since = teller.one_of(
        (each, *mentor) for each in activities for mentor in each.mentors.items()
    )
    data = {"activity": activity.name, "organisation": organisation, "date": teller.day(since, activity.end)}
    return Told("mentor.released", teller.about(activity), data)


def practice_shared(teller: Teller) -> Told:
    """Share a practice."""
    activity = teller.one_of(each for each in teller.world.activities.values() if not each.took_home)
    data = {"activity": activity.name, "summary": teller.title(), "what_works": teller.title()}
    return Told("practice.shared", teller.about(activity), data)


def practice_adopted(teller: Teller) -> Told:
    """Take a practice home whose own stems from nowhere."""
    activities = [*teller.world.activities.values()]
    source = teller.one_of(each for each in activities if each.shares and not each.took_home)
    adopters = [each for each in activities if not each.shares and each is not source]
    if not adopters:
        raise First(activity_planned(teller))
    activity = teller.one_of(adopters)
    data = {"activity": activity.name, "source_activity": source.name, "adaptation": teller.title()}
    return Told("practice.adopted", teller.about(activity), data)


def story_published(teller: Teller) -> Told:
    """Tell a story of an area, or of one of its activities."""
    if not teller.world.areas:
        raise First(area_registered(teller))
    area = teller.one_of(teller.world.areas)
    own = [each.name for each in teller.world.activities.values() if each.area == area]
    data: Json = {"story": teller.name("historie"), "area": area, "title": teller.title(), "text": teller.title()}
    data |= {"consent": {"reference": "Samtykke 17", "guardian": True}, "lenses": [teller.dice.choice(LENSES)]}
    return Told("story.published", area, {**data, "activity": teller.one_of(own)} if own else data)


def story_withdrawn(teller: Teller) -> Told:
    """Take a story back."""
    story = teller.one_of(name for name, stands in teller.world.stories.items() if stands)
    return Told("story.withdrawn", None, {"story": story})


def _agreed(teller: Teller) -> list[Plan]:
    return [plan for plan in teller.world.plans.values() if plan.is_agreed]


def _going_on(teller: Teller) -> list[Plan]:
    return [plan for plan in _agreed(teller) if not plan.is_closed]


def _effort_area(teller: Teller, plan: Plan) -> str:
    return teller.one_of(teller.world.pools[plan.pool])


def _of(plan: Plan, /, **data: object) -> dict[str, object]:
    return {"plan": plan.name, **data}


REGISTRY: Final[Mapping[str, Callable[[Teller], Told]]] = {
    told.__name__.replace("_", "."): told
    for told in (
        area_registered,
        pool_defined,
        organisation_registered,
        plan_approved,
        plan_extended,
        plan_closed,
        partner_joined,
        partner_left,
        goal_set,
        goal_assessed,
        milestone_planned,
        milestone_reached,
        activity_planned,
        activity_started,
        activity_ended,
        activity_anchored,
        course_opened,
        course_closed,
        mentor_engaged,
        mentor_released,
        practice_shared,
        practice_adopted,
        story_published,
        story_withdrawn,
    )
}
