"""What codes of a report are called, Danish and English. Owns no figure."""

from collections.abc import Mapping
from typing import Final

from services.reporting.web.writing import Words
from shared.events.catalogue import EVENTS

FUNDER_KINDS: Final[Mapping[str, Words]] = {
    "landsbyggefonden": ("Landsbyggefonden", "Landsbyggefonden"),
    "municipality": ("Kommune", "Municipality"),
    "housing_organisation": ("Boligorganisation", "Housing organisation"),
    "foundation": ("Fond", "Foundation"),
    "other": ("Andre", "Other"),
}
LENSES: Final[Mapping[str, Words]] = {
    "self_perception": ("Selvopfattelse", "Self-perception"),
    "others_perception": ("Andres opfattelse", "Others' perception"),
    "personal_competence": ("Personlige kompetencer", "Personal competences"),
    "professional_competence": ("Faglige kompetencer", "Professional competences"),
}
RESPONDENTS: Final[Mapping[str, Words]] = {
    "self": ("Svar fra deltageren selv", "Answered by the participant"),
    "other": ("Svar fra en anden", "Answered by another"),
}
SEVERITIES: Final[Mapping[str, Words]] = {
    "high": ("Haster", "Urgent"),
    "medium": ("Bør ses på", "To be looked at"),
    "low": ("Til orientering", "For information"),
}
ATTENTION: Final[Mapping[str, Words]] = {
    "area_silent": ("Området er tavst", "The area is silent"),
    "milestone_overdue": ("Milepæl overskredet", "Milestone overdue"),
    "attendance_falling": ("Fremmødet falder", "Attendance is falling"),
    "sessions_cancelled": ("Aflyste mødegange", "Sessions cancelled"),
    "plan_ending": ("Planen slutter snart", "The plan ends soon"),
    "not_anchored": ("Aktiviteter er ikke forankret", "Activities are not anchored"),
    "co_funding_unreleased": ("Medfinansiering er ikke frigivet", "Co-funding is not released"),
    "account_below_zero": ("Reguleringskonto under nul", "Regulation account below zero"),
    "local_floor_at_risk": ("Lokal medfinansiering under gulvet", "Local co-funding below the floor"),
    "consent_missing": ("Et område har ikke tiltrådt planen", "An area has not consented to the plan"),
    "spending_off_pace": ("Forbruget følger ikke tiden", "Spending does not follow time"),
    "statement_due": ("Årsopgørelse mangler", "Annual statement is missing"),
    "dead_letters": ("Hændelser, der ikke kunne læses", "Events that could not be read"),
    "messages_forged": ("Nogen har forsøgt at forfalske hændelser", "Somebody tried to forge events"),
    "ledger_differs": ("Rapporten og regnskabet er ikke enige", "The report and the ledger do not agree"),
    "events_rejected": ("Hændelser er afvist", "Events were rejected"),
}
REJECTED: Final[Mapping[str, Words]] = {
    "unreadable": ("Kan ikke læses", "Cannot be read"),
    **{event.type_name(): (event.label_da, event.label_en) for event in EVENTS},
}
FOLLOW_UPS: Final[Mapping[str, Words]] = {
    "education": ("Uddannelse", "Education"),
    "job": ("Job", "Job"),
    "leisure_job": ("Fritidsjob", "Leisure job"),
    "neither": ("Ingen af delene", "Neither"),
    "unknown": ("Ukendt", "Unknown"),
}
CONTEXT: Final[Mapping[str, Words]] = {
    "outside_work_or_education_pct": ("Uden for arbejde eller uddannelse", "Outside work or education"),
    "convicted_pct": ("Dømte", "Convicted"),
    "only_primary_school_pct": ("Kun grundskole", "Only primary school"),
    "income_pct": ("Indkomst mod regionens gennemsnit", "Income against the region's average"),
}
COST_TYPES: Final[Mapping[str, Words]] = {
    "wages": ("Løn", "Wages"),
    "activities": ("Aktiviteter", "Activities"),
    "administration": ("Administration", "Administration"),
    "evaluation": ("Evaluering", "Evaluation"),
    "other": ("Andet", "Other"),
}
STATEMENT_STATES: Final[Mapping[str, Words]] = {
    "open": ("ikke indsendt", "not submitted"),
    "submitted": ("indsendt", "submitted"),
    "returned": ("sendt retur", "returned"),
    "accepted": ("godkendt", "accepted"),
}
ACTIVITY_STATES: Final[Mapping[str, Words]] = {
    "planned": ("planlagt", "planned"),
    "running": ("i gang", "running"),
    "ended": ("afsluttet", "ended"),
}
ATTAINMENTS: Final[Mapping[str, Words]] = {
    "reached": ("nået", "reached"),
    "partly": ("delvist nået", "partly reached"),
    "not_reached": ("ikke nået", "not reached"),
}
PARTNER_ROLES: Final[Mapping[str, Words]] = {
    "applicant": ("Ansøger", "Applicant"),
    "municipality": ("Kommune", "Municipality"),
    "funder": ("Finansieringskilde", "Funder"),
    "mentor_company": ("Mentorvirksomhed", "Mentor company"),
    "collaborator": ("Samarbejdspart", "Collaborator"),
}


def called(names: Mapping[str, Mapping[str, str]], kind: str, code: str) -> str:
    """Give what a code is called; what nobody has named goes by its code."""
    named: str = names.get(kind, {}).get(code, code)
    return named
