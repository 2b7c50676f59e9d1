"""What the codes in reports mean, Danish and English."""

from collections.abc import Mapping
from typing import Final

from services.reporting.exports.tables import Words

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
    "personal_competence": ("Personlig kompetence", "Personal competence"),
    "professional_competence": ("Faglig kompetence", "Professional competence"),
}
RESPONDENTS: Final[Mapping[str, Words]] = {"self": ("Deltageren selv", "Participant"), "other": ("En anden", "Other")}
SEVERITIES: Final[Mapping[str, Words]] = {
    "high": ("Høj", "High"),
    "medium": ("Mellem", "Medium"),
    "low": ("Lav", "Low"),
}
COST_TYPES: Final[Mapping[str, Words]] = {
    "wages": ("Løn", "Wages"),
    "activities": ("Aktiviteter", "Activities"),
    "administration": ("Administration", "Administration"),
    "evaluation": ("Evaluering", "Evaluation"),
    "other": ("Andet", "Other"),
}
LIFE: Final[Mapping[str, Words]] = {
    "planned": ("Planlagt", "Planned"),
    "running": ("I gang", "Running"),
    "ended": ("Afsluttet", "Ended"),
}
STATES: Final[Mapping[str, Words]] = {
    "open": ("Ikke indsendt", "Not submitted"),
    "submitted": ("Indsendt", "Submitted"),
    "returned": ("Sendt retur", "Returned"),
    "accepted": ("Godkendt", "Accepted"),
}
ATTAINMENTS: Final[Mapping[str, Words]] = {
    "reached": ("Nået", "Reached"),
    "partly": ("Delvist nået", "Partly reached"),
    "not_reached": ("Ikke nået", "Not reached"),
}
ROLES: Final[Mapping[str, Words]] = {
    "applicant": ("Ansøger", "Applicant"),
    "municipality": ("Kommune", "Municipality"),
    "funder": ("Bevillingsgiver", "Funder"),
    "mentor_company": ("Mentorvirksomhed", "Mentor company"),
    "collaborator": ("Samarbejdspartner", "Collaborator"),
}
STAGES: Final[Mapping[str, Words]] = {
    "committed": ("Tilsagn", "Committed"),
    "released": ("Frigivet", "Released"),
    "received": ("Modtaget", "Received"),
    "spent": ("Brugt", "Spent"),
}
REVISIONS: Final[Mapping[str, Words]] = {
    "approved": ("Godkendt", "Approved"),
    "reallocation": ("Ombudgettering", "Reallocation"),
    "carry_forward": ("Rebudgettering", "Carry-forward"),
}
FOLLOW_UPS: Final[Mapping[str, Words]] = {
    "education": ("Uddannelse", "Education"),
    "job": ("Job", "Job"),
    "leisure_job": ("Fritidsjob", "Leisure job"),
    "neither": ("Ingen af delene", "Neither"),
    "unknown": ("Ukendt", "Unknown"),
}
