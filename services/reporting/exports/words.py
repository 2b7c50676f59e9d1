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
