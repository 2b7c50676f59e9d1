"""What the codes and columns of reports are called, Danish and English: one word for one thing, wherever it is shown.

Pages, print, charts, files, the Monday list and the command take their words from here. It owns no sentence, which
stands where it is said, and no word of a figure, which the catalogue of indicators has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from services.reporting.indicators import INDICATORS
from shared import context_figures
from shared.law import SMALLEST_TOLD

# The events take a second to load, and the command only draws a report: they are loaded where the types are checked.
if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.reporting.terms import (
        ActivityStatus,
        AttentionCode,
        BudgetVersionKind,
        Dimension,
        MilestoneStatus,
        Severity,
        Stage,
        StatementStatus,
    )
    from shared.codes import LookupReason
    from shared.events.envelope import Owner
    from shared.events.funding import CostType, FunderKind
    from shared.events.registry.network import OrganisationKind
    from shared.events.registry.parts import AgeBand, Lens
    from shared.events.registry.people import FollowUpStatus, Gender, Respondent, Wave
    from shared.events.registry.plans import Attainment, PartnerRole
    from shared.tokens import Role

# What a thing is called, Danish first. It begins with a capital, as a heading does.
Word: TypeAlias = tuple[str, str]

ACTIVITY_STATUSES: Final[Mapping[ActivityStatus, Word]] = {
    "planned": ("Planlagt", "Planned"),
    "running": ("I gang", "Running"),
    "ended": ("Afsluttet", "Ended"),
}
# Written as the areas write them, from and to in years.
AGE_BANDS: Final[Mapping[AgeBand, Word]] = {
    "0-5": ("0-5 år", "0-5 years"),
    "6-9": ("6-9 år", "6-9 years"),
    "10-12": ("10-12 år", "10-12 years"),
    "13-14": ("13-14 år", "13-14 years"),
    "15-17": ("15-17 år", "15-17 years"),
    "18-24": ("18-24 år", "18-24 years"),
    "25-29": ("25-29 år", "25-29 years"),
    "30-49": ("30-49 år", "30-49 years"),
    "50-66": ("50-66 år", "50-66 years"),
    "67+": ("67 år og derover", "67 years and over"),
}
ATTAINMENTS: Final[Mapping[Attainment, Word]] = {
    "reached": ("Nået", "Reached"),
    "partly": ("Delvist nået", "Partly reached"),
    "not_reached": ("Ikke nået", "Not reached"),
}
ATTENTION: Final[Mapping[AttentionCode, Word]] = {
    "area_silent": ("Manglende indberetning", "Nothing posted lately"),
    "milestone_overdue": ("Milepæl overskredet", "Milestone overdue"),
    "attendance_falling": ("Fremmødet falder", "Attendance is falling"),
    "sessions_cancelled": ("Aflyste mødegange", "Sessions cancelled"),
    "people_removed": ("Oplysninger om personer slettes", "People's data are removed"),
    "plan_ending": ("Planen slutter snart", "The plan ends soon"),
    "not_anchored": ("Aktiviteter er ikke forankret", "Activities are not anchored"),
    "payout_withheld": ("Udbetalingen er tilbageholdt", "Payouts are withheld"),
    "co_funding_unreleased": ("Medfinansiering er ikke frigivet", "Co-funding is not released"),
    "account_below_zero": ("Reguleringskonto under nul", "Regulation account below zero"),
    "local_floor_at_risk": ("Lokal medfinansiering under kravet", "Local co-funding below the minimum"),
    "commitment_unconfirmed": ("Et tilsagn er ikke bekræftet", "A commitment is not confirmed"),
    "consent_missing": ("Et område har ikke tiltrådt planen", "An area has not consented to the plan"),
    "spending_off_pace": ("Forbruget afviger fra den forløbne tid", "Spending is off the time elapsed"),
    "statement_due": ("Årsopgørelse mangler", "Annual statement is missing"),
    "dead_letters": ("Registreringer, der ikke kunne behandles", "Events that could not be processed"),
    "messages_forged": ("Nogen har forsøgt at forfalske registreringer", "Somebody tried to forge events"),
    "log_parted": ("En tjeneste følger ikke længere med", "A service no longer follows"),
    "release_late": ("Opgørelsen af personer mangler", "The release about people is missing"),
    "ledger_differs": ("Rapporten og regnskabet er ikke enige", "The report and the ledger do not agree"),
    "events_rejected": ("Registreringer er afvist", "Events were rejected"),
}
# What is said of a statement that is due because it came back.
RETURNED_STATEMENT: Final[Word] = ("Årsopgørelse er returneret", "Annual statement was returned")
CONTEXT: Final[Mapping[str, Word]] = {
    item.code: (item.da, item.en) for item in context_figures.CONTEXT_FIGURES.values()
}
COST_TYPES: Final[Mapping[CostType, Word]] = {
    "wages": ("Løn", "Wages"),
    "activities": ("Aktiviteter", "Activities"),
    "administration": ("Administration", "Administration"),
    "evaluation": ("Evaluering", "Evaluation"),
    "other": ("Andet", "Other"),
}
DIMENSIONS: Final[Mapping[Dimension, Word]] = {
    "area": ("Område", "Area"),
    "plan": ("Helhedsplan", "Plan"),
    "pool": ("Puljeperiode", "Pool"),
    "effort_area": ("Indsatsområde", "Effort area"),
    "activity": ("Aktivitet", "Activity"),
    "kind": ("Aktivitetstype", "Kind of activity"),
    "month": ("Måned", "Month"),
    "quarter": ("Kvartal", "Quarter"),
    "year": ("År", "Year"),
    "school_year": ("Skoleår", "School year"),
}
FOLLOW_UPS: Final[Mapping[FollowUpStatus, Word]] = {
    "education": ("Uddannelse", "Education"),
    "job": ("Job", "Job"),
    "leisure_job": ("Fritidsjob", "Leisure job"),
    "neither": ("Hverken job eller uddannelse", "Neither job nor education"),
    "unknown": ("Ukendt", "Unknown"),
}
FUNDER_KINDS: Final[Mapping[FunderKind, Word]] = {
    "landsbyggefonden": ("Landsbyggefonden", "Landsbyggefonden"),
    "municipality": ("Kommune", "Municipality"),
    "housing_organisation": ("Boligorganisation", "Housing organisation"),
    "foundation": ("Fond", "Foundation"),
    "other": ("Andre", "Other"),
}
# Whoever is neither, and of whom nothing is said, are one.
ORGANISATION_KINDS: Final[Mapping[OrganisationKind, Word]] = {
    "landsbyggefonden": FUNDER_KINDS["landsbyggefonden"],
    "municipality": FUNDER_KINDS["municipality"],
    "housing_organisation": FUNDER_KINDS["housing_organisation"],
    "foundation": FUNDER_KINDS["foundation"],
    "other": FUNDER_KINDS["other"],
    "company": ("Virksomhed", "Company"),
    "association": ("Forening", "Association"),
}
GENDERS: Final[Mapping[Gender, Word]] = {
    "female": ("Piger og kvinder", "Girls and women"),
    "male": ("Drenge og mænd", "Boys and men"),
    "other": ("Andet eller ikke oplyst", "Other or not said"),
}
TRAITS: Final[Mapping[str, Word]] = {code: called for names in (AGE_BANDS, GENDERS) for code, called in names.items()}
LENSES: Final[Mapping[Lens, Word]] = {
    "self_perception": ("Selvopfattelse", "Self-perception"),
    "others_perception": ("Andres opfattelse", "Others' perception"),
    "personal_competence": ("Personlige kompetencer", "Personal competences"),
    "professional_competence": ("Faglige kompetencer", "Professional competences"),
}
MILESTONE_STATUSES: Final[Mapping[MilestoneStatus, Word]] = {
    "planned": ("Planlagt", "Planned"),
    "reached": ("Nået", "Reached"),
    "overdue": ("Overskredet", "Overdue"),
}
PARTNER_ROLES: Final[Mapping[PartnerRole, Word]] = {
    "applicant": ("Ansøger", "Applicant"),
    "municipality": ("Kommune", "Municipality"),
    "funder": ("Finansieringskilde", "Funder"),
    "mentor_company": ("Mentorvirksomhed", "Mentor company"),
    "collaborator": ("Samarbejdspartner", "Collaborator"),
}
RESPONDENTS: Final[Mapping[Respondent, Word]] = {
    "self": ("Vurderet af deltageren selv", "Assessed by the participant"),
    "other": ("Vurderet af en anden", "Assessed by somebody else"),
}
REVISIONS: Final[Mapping[BudgetVersionKind, Word]] = {
    "approved": ("Godkendt", "Approved"),
    "reallocation": ("Ombudgettering", "Reallocation"),
    "carry_forward": ("Rebudgettering", "Carry-forward"),
}
ROLES: Final[Mapping[Role, Word]] = {
    "coordinator": ("Koordinator", "Coordinator"),
    "lead": ("Netværksleder", "Network lead"),
    "auditor": ("Revisor", "Auditor"),
    "admin": ("Administrator", "Administrator"),
    "service": ("Tjeneste", "Service"),
}
SERVICES: Final[Mapping[Owner, Word]] = {
    "registry": ("Aktiviteter", "Activities"),
    "funding": ("Økonomi", "Funding"),
    "reporting": ("Rapporter", "Reports"),
}
SEVERITIES: Final[Mapping[Severity, Word]] = {
    "high": ("Haster", "Urgent"),
    "medium": ("Bør følges op", "Needs follow-up"),
    "low": ("Til orientering", "For information"),
}
STATEMENT_STATUSES: Final[Mapping[StatementStatus, Word]] = {
    "open": ("Ikke indsendt", "Not submitted"),
    "submitted": ("Indsendt", "Submitted"),
    "returned": ("Returneret", "Returned"),
    "accepted": ("Godkendt", "Accepted"),
}
WAVES: Final[Mapping[Wave, Word]] = {
    "before": ("Før", "Before"),
    "after": ("Efter", "After"),
    "follow_up": ("Opfølgning", "Follow-up"),
}
# The figures, as their catalogue names them.
FIGURE_NAMES: Final[Mapping[str, Word]] = {item.name: (item.label_da, item.label_en) for item in INDICATORS}
STAGES: Final[Mapping[Stage, Word]] = {
    "committed": FIGURE_NAMES["committed_ore"],
    "released": FIGURE_NAMES["released_ore"],
    "received": FIGURE_NAMES["received_ore"],
    "spent": FIGURE_NAMES["spent_ore"],
}
# Where a terminal has no room for a whole word: a part of it.
SHORT: Final[Mapping[str, Word]] = {
    "activities": ("Aktiv.", "Activities"),
    "attendances": ("Fremmøde", "Attend."),
    "elapsed_pct": ("Tid", "Time"),
    "new_participants": ("Nye", "New"),
    "participant_hours": ("Timer", "Hours"),
    "participants": ("Deltagere", "Particip."),
    "spent_pct": ("Forbrug", "Spent"),
}

# What columns and rows are called, that are neither a figure nor a dimension.
HEADINGS: Final[Mapping[str, Word]] = {
    "account_below_zero": ("Konto under 0", "Account below 0"),
    "activities": ("Aktiviteter", "Activities"),
    "age_band": ("Alder", "Age"),
    "age_bands": ("Deltagere efter alder", "Participants by age"),
    "adopted_by": ("Taget med hjem af", "Adopted by"),
    "alumni": ("Tidligere deltagere", "Former participants"),
    "amount": ("Beløb", "Amount"),
    "anchoring": ("Forankring", "Anchoring"),
    "approved_on": ("Godkendt", "Approved"),
    "areas": ("Områder", "Areas"),
    "attention": ("Det kræver opmærksomhed", "Needs attention"),
    "attainment": ("Målopfyldelse", "Attainment"),
    "auditor_reference": ("Revisors reference", "Auditor's reference"),
    "balance": ("Saldo", "Balance"),
    "baseline": ("Udgangspunkt", "Baseline"),
    "budget": ("Budget", "Budget"),
    "carried": ("Andel af udgifterne", "Share of expenses"),
    "carried_forward": ("Overført", "Carried forward"),
    "ci_high": ("95 %-interval, øvre grænse", "95% interval, upper bound"),
    "ci_low": ("95 %-interval, nedre grænse", "95% interval, lower bound"),
    "closing": ("Ultimo", "Closing"),
    "closing_bank": ("Likvid beholdning ultimo", "Closing bank balance"),
    "chosen_dimensions": ("Fordel på", "Break down by"),
    "chosen_figures": ("Vælg tal", "Choose figures"),
    "cohort": ("Første skoleår", "First school year"),
    "commitment": ("Tilsagn", "Commitment"),
    "commitments": ("Tilsagn", "Commitments"),
    "confirmed_on": ("Bekræftet", "Confirmed"),
    "cost_type": ("Udgiftsart", "Cost type"),
    "cursor": ("Opgjort til nr.", "As of no."),
    "date": ("Dato", "Date"),
    "decided_on": ("Afgjort", "Decided"),
    "deviation": ("Afvigelse", "Deviation"),
    "digest": ("Kontrolsum (SHA-256)", "Digest (SHA-256)"),
    "disclosure": ("Diskretionering", "Disclosure control"),
    "due": ("Frist", "Due"),
    "effort_areas": ("Indsatsområder", "Effort areas"),
    "elapsed_pct": ("Forløbet tid", "Time elapsed"),
    "expenses": ("Udgifter", "Expenses"),
    "expense": ("Udgift", "Expense"),
    "figure": ("Tal", "Figure"),
    "figures": ("Tal", "Figures"),
    "followed_up": ("Fulgt op", "Followed up"),
    "from": ("Fra", "From"),
    "funder": ("Finansieringskilde", "Funder"),
    "funder_kind": ("Finansieringskildens art", "Kind of funder"),
    "funder_name": ("Finansieringskildens navn", "Funder's name"),
    "funders": ("Finansieringskilder", "Funders"),
    "funding": ("Finansiering", "Financing"),
    "gender": ("Køn", "Gender"),
    "genders": ("Deltagere efter køn", "Participants by gender"),
    "goal": ("Mål", "Goal"),
    "goals": ("Mål", "Goals"),
    "indicator": ("Indikator", "Indicator"),
    "instalments": ("Rater", "Instalments"),
    "left": ("Har afsluttet en aktivitet", "Left an activity"),
    "lens": ("Perspektiv", "Lens"),
    "line": ("Budgetlinje", "Budget line"),
    "mean_after": ("Efter, gennemsnit", "After, mean"),
    "mean_before": ("Før, gennemsnit", "Before, mean"),
    "mean_change": ("Forandring, gennemsnit", "Change, mean"),
    "meaning": ("Betydning", "Meaning"),
    "milestone": ("Milepæl", "Milestone"),
    "milestones": ("Milepæle", "Milestones"),
    "milestones_overdue": ("Milepæle overskredet", "Milestones overdue"),
    "milestones_reached": ("Milepæle nået", "Milestones reached"),
    "money": ("Økonomi", "Funding"),
    "months": ("Måneder", "Months"),
    "months_after": ("Måneder efter", "Months after"),
    "municipality": ("Kommune", "Municipality"),
    "opening": ("Primo", "Opening"),
    "opening_bank": ("Likvid beholdning primo", "Opening bank balance"),
    "organisation": ("Organisation", "Organisation"),
    "pairs": ("Par", "Pairs"),
    "partners": ("Partnere", "Partners"),
    "period": ("Periode", "Period"),
    "plans": ("Helhedsplaner", "Plans"),
    "previous": ("Perioden før", "The period before"),
    "received_on": ("Modtaget", "Received"),
    "reference": ("Reference", "Reference"),
    "regulation_account": ("Reguleringskonto", "Regulation account"),
    "regulation_accounts": ("Reguleringskonti", "Regulation accounts"),
    "remaining": ("Rest", "Remaining"),
    "remarks": ("Bemærkninger", "Remarks"),
    "respondent": ("Respondent", "Respondent"),
    "retention": ("Fastholdelse", "Retention"),
    "role": ("Rolle", "Role"),
    "rules": ("Reglernes nummer", "Number of the rules"),
    "seen_again": ("Set igen", "Seen again"),
    "severity": ("Prioritet", "Priority"),
    "share": ("Andel", "Share"),
    "since": ("Siden", "Since"),
    "source": ("Kilde", "Source"),
    "spent_pct": ("Forbrug i pct.", "Spent, per cent"),
    "status": ("Status", "Status"),
    "statement": ("Årsopgørelse", "Annual statement"),
    "statements": ("Årsopgørelser", "Annual statements"),
    "submitted_on": ("Indsendt", "Submitted"),
    "target": ("Mål for perioden", "Target"),
    "text": ("Tekst", "Text"),
    "total": ("I alt", "Total"),
    "until": ("Til", "To"),
    "value": ("Værdi", "Value"),
    "voucher": ("Bilag", "Voucher"),
    "vouchers": ("Bilag", "Vouchers"),
    "withheld": ("Udeladt", "Withheld"),
    "year_before": ("Året før", "The year before"),
    "years_later": ("Skoleår senere", "School years later"),
}
# An amount that is told by spans of time stands for all that was until the end of each.
# What is said of the events that a figure was folded from, and of a sample of them.
EVENT_FIELDS: Final[Mapping[str, Word]] = {
    "ground": ("Registreringerne bag tallet", "The events behind the figure"),
    "event": ("Registrering nr.", "Event no."),
    "type": ("Registrering", "Event"),
    "fact": ("Nøgle", "Identifier"),
    "key": ("Postens nøgle", "Entry's key"),
    "narrowed": ("Af", "Of"),
    "events": ("Antal registreringer", "Number of events"),
    "entries": ("Antal poster", "Number of entries"),
    "sample_size": ("Stikprøvens størrelse", "Size of the sample"),
    "sample_seed": ("Stikprøvens udgangspunkt", "Seed of the sample"),
    "sample_rule": ("Sådan er stikprøven trukket", "How the sample is drawn"),
}
ACCUMULATED: Final[Word] = ("akkumuleret", "cumulative")
# Reporting's tables with rows about one person.
TABLES_OF_PEOPLE: Final[Mapping[str, Word]] = {
    "enrolment": ("Indskrivninger", "Enrolments"),
    "followup": ("Opfølgninger", "Follow-ups"),
    "latest_registration": ("Senest registreret", "Latest registrations"),
    "leaving": ("Udskrivninger", "Leavings"),
    "measurement": ("Målinger", "Measurements"),
    "presence": ("Dage med fremmøde", "Days of presence"),
    "session": ("Mødegange", "Sessions"),
    "volunteer_hours": ("Frivilliges timer", "Volunteer hours"),
    "volunteering": ("Frivillige opgaver", "Volunteering"),
}
LOOKUP_REASONS: Final[Mapping[LookupReason, Word]] = {
    "access_request": ("Personen bad om indsigt", "The person asked for access"),
    "correction": ("Noget skulle rettes", "Something had to be corrected"),
    "erasure": ("Noget skulle slettes", "Something had to be erased"),
    "restriction": ("Brugen skulle begrænses", "Use had to be restricted"),
    "supervision": ("Tilsyn", "Supervision"),
}
# What was refused, and whose type nobody could read.
UNREADABLE: Final[Word] = ("Kan ikke læses", "Cannot be read")
# What access keeps, and what can become of it.
ACCESS_KINDS: Final[Mapping[str, Word]] = {
    "person": ("Person", "Person"),
    "invitation": ("Invitation", "Invitation"),
    "session": ("Login", "Session"),
    "program_key": ("Nøgle til program", "Key of a program"),
}
ACCESS_CHANGES: Final[Mapping[str, Word]] = {
    "made": ("oprettet", "made"),
    "changed": ("fik andre rettigheder", "got different rights"),
    "taken": ("brugt", "taken"),
    "ended": ("afsluttet", "ended"),
}
# What stands in the place of a figure of people that is hidden, where something is told of it.
SMALL: Final[Word] = (f"under {SMALLEST_TOLD}", f"under {SMALLEST_TOLD}")
AT_LEAST: Final[Word] = ("mindst", "at least")


def least_of(count: Mapping[str, Any]) -> float | None:
    """Give what a hidden figure of people is at least, where that is told."""
    least: float | None = count.get("at_least")
    return least or (SMALLEST_TOLD if count.get("hidden") == "large" else None)


def word(words: Mapping[Any, Word], code: str) -> Word:
    """Give the word of a code that comes as text, such as a key of a report.

    Raises:
        KeyError: the code has no word.
    """
    found: Word = words[code]
    return found


def inside(word: Word) -> Word:
    """Write a word as it stands inside a sentence, without its capital."""
    danish, english = (text[:1].lower() + text[1:] for text in word)
    return danish, english
