"""What the fields of forms are called, and what helps to fill them in, Danish and English: the one table of both.

A field that means something else in one event stands there under `event.field`. Owns no word of a report's code, which
`words.py` has.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.reporting import words
from services.reporting.words import Word
from shared.events.envelope import EventData

NO_HELP: Final[Word] = ("", "")
SHORT_NAME: Final[Word] = ("Kort navn", "Short name")
MADE: Final[Word] = (
    "Laves af navnet eller datoen, hvis feltet er tomt. Bruges i adresser og filer.",
    "Made from the name or the date where the field is empty. It is used in addresses and files.",
)
DAY: Final[Word] = ("For eksempel 3/9-2026.", "For example 3/9-2026: the day comes first.")
AMOUNT: Final[Word] = ("I kroner, for eksempel 12.500,50.", "In kroner, for example 12,500.50.")
PSEUDONYM: Final[Word] = (
    "Områdets pseudonym. Skriv aldrig navn eller personnummer her.",
    "The area's pseudonym. Never write a name or a personal number here.",
)
ONE_EACH: Final[Word] = ("Ét på hver linje.", "One in each line.")
NO_NAMES: Final[Word] = ("Nævn ingen personer ved navn.", "Name no persons.")
REFERENCE: Final[Word] = ("Nummeret på brevet eller sagen.", "The number of the letter or the case.")

# The label, and what helps.
FIELDS: Final[Mapping[str, tuple[Word, Word]]] = {
    "absent": (("Fraværende", "Absent"), ("De tilmeldte, som ikke kom.", "Those enrolled who did not come.")),
    "activity": (("Aktivitet", "Activity"), NO_HELP),
    "adaptation": (("Tilpasning", "Adaptation"), ("Hvad I har lavet om hos jer.", "What you have changed.")),
    "age_band": (("Alder", "Age"), NO_HELP),
    "amount_ore": (("Beløb", "Amount"), AMOUNT),
    "approval_reference": (("Godkendelsens reference", "Reference of the approval"), REFERENCE),
    "area": (("Område", "Area"), NO_HELP),
    "areas": (("Områder", "Areas"), NO_HELP),
    "attainment": (("Målopfyldelse", "Attainment"), NO_HELP),
    "auditor_reference": (("Revisors reference", "Auditor's reference"), REFERENCE),
    "baseline": (("Udgangspunkt", "Baseline"), NO_HELP),
    "business": (("Mikrovirksomhed", "Micro-business"), NO_HELP),
    "capacity": (("Antal pladser", "Places"), NO_HELP),
    "changes": (
        ("Ændringer", "Changes"),
        ("Skriv et minus foran det, der går fra.", "Put a minus before what is taken."),
    ),
    "comment": (("Bemærkning", "Comment"), NO_NAMES),
    "commitment": (("Tilsagn", "Commitment"), NO_HELP),
    "consent": (("Samtykke", "Consent"), NO_HELP),
    "cost_type": (("Udgiftsart", "Cost type"), NO_HELP),
    "course": (("Forløb", "Course"), NO_HELP),
    "crosswalk": (("Svarer til", "Corresponds to"), NO_HELP),
    "cursor": (("Opgjort til nr.", "As of no."), NO_HELP),
    "cvr": (("CVR-nummer", "CVR number"), ("Otte cifre.", "Eight digits.")),
    "date": (("Dato", "Date"), DAY),
    "departments": (("Boligafdelinger", "Housing departments"), ONE_EACH),
    "digest": (("Kontrolsum (SHA-256)", "Digest (SHA-256)"), NO_HELP),
    "due": (("Frist", "Due"), DAY),
    "effort_area": (("Indsatsområde", "Effort area"), NO_HELP),
    "effort_areas": (("Indsatsområder", "Effort areas"), NO_HELP),
    "end": (("Slut", "End"), DAY),
    "evidence": (("Hvad viser det?", "What shows it?"), NO_NAMES),
    "expense": (("Udgift", "Expense"), NO_HELP),
    "explanations": (("Forklaringer til linjer", "Explanations of lines"), NO_NAMES),
    "fixed": (("Fast aktivitet", "Fixed activity"), ("Den holdes hver uge.", "It is held every week.")),
    "figure": (("Tal", "Figure"), ("Værdien tælles op af registreringerne.", "Its value is counted from the events.")),
    "from": (("Fra", "From"), DAY),
    "funder": (("Finansieringskilde", "Funder"), NO_HELP),
    "funder_kind": (("Finansieringskildens art", "Kind of funder"), NO_HELP),
    "funding_note": (("Hvem betaler?", "Who pays?"), NO_NAMES),
    "gender": (("Køn", "Gender"), NO_HELP),
    "goal": (("Mål", "Goal"), NO_HELP),
    "guardian": (
        ("En værge har samtykket", "A guardian has consented"),
        ("Kræves under 15 år.", "Required below 15 years."),
    ),
    "guests": (
        ("Gæster", "Guests"),
        (
            "Et antal ud over de navngivne. De tæller som fremmøde, ikke som deltagere.",
            "A number beside those named. They count as attendances, not as participants.",
        ),
    ),
    "headcount": (
        ("Antal fremmødte i alt", "Headcount"),
        ("Kun hvor ingen registreres enkeltvis.", "Only where nobody is registered one by one."),
    ),
    "hours": (("Timer", "Hours"), ("For eksempel 2,5.", "For example 2.5.")),
    "in_kind": (("Ydes som arbejde eller lokaler", "Given in kind"), NO_HELP),
    "incurred_on": (("Udgiftens dato", "Day of the expense"), DAY),
    "indicator": (("Indikator", "Indicator"), NO_HELP),
    "instrument": (("Måleredskab", "Instrument"), ("Spørgeskemaets navn.", "The questionnaire's name.")),
    "into": (("Slås sammen med", "Merged into"), ("Det pseudonym, der gælder fremover.", "The pseudonym from now on.")),
    "kind": (("Art", "Kind"), NO_HELP),
    "activity.planned.kind": (
        ("Aktivitetstype", "Kind of activity"),
        ("For eksempel lektiecafé.", "For example homework café."),
    ),
    "goal.set.measure.kind": (("Aktivitetstype", "Kind of activity"), NO_HELP),
    "lens": (("Perspektiv", "Lens"), NO_HELP),
    "lenses": (("Perspektiver", "Lenses"), NO_HELP),
    "line": (("Budgetlinje", "Budget line"), NO_HELP),
    "lines": (("Budgetlinjer", "Budget lines"), NO_HELP),
    "measure": (
        ("Målet udfyldes af et tal", "The goal fills itself from a figure"),
        ("Kun hvis værdien skal komme af sig selv.", "Only where its value shall come by itself."),
    ),
    "members": (("Medlemmer", "Members"), PSEUDONYM),
    "milestone": (("Milepæl", "Milestone"), NO_HELP),
    "month": (("Måned", "Month"), NO_HELP),
    "months_after": (("Måneder efter", "Months after"), NO_HELP),
    "municipality": (("Kommune", "Municipality"), NO_HELP),
    "name": (("Navn", "Name"), NO_HELP),
    "number": (("Nummer", "Number"), NO_HELP),
    "organisation": (("Organisation", "Organisation"), NO_HELP),
    "other_effort_area": (("Indsatsområde dér", "Effort area there"), NO_HELP),
    "other_pool": (("Anden pulje", "Other pool"), NO_HELP),
    "participant": (("Deltager", "Participant"), PSEUDONYM),
    "participants": (("Fremmødte", "Who came"), NO_HELP),
    "per": (
        ("Opgjort pr.", "Measured per"),
        ("Tomt er for hele planens tid.", "Blank is for all of the plan's time."),
    ),
    "plan": (("Helhedsplan", "Plan"), NO_HELP),
    "pool": (("Pulje", "Pool"), NO_HELP),
    "published_in": (("Kilde", "Published in"), NO_HELP),
    "reason": (("Grund", "Reason"), NO_NAMES),
    "receipt": (("Indbetaling", "Receipt"), NO_HELP),
    "reference": (("Reference", "Reference"), REFERENCE),
    "consent.reference": (
        ("Hvor samtykket ligger", "Where the consent is filed"),
        ("For eksempel Samtykke 17.", "For example Consent 17."),
    ),
    "remarks": (("Bemærkninger", "Remarks"), NO_NAMES),
    "report": (("Rapport", "Report"), NO_HELP),
    "residents": (("Beboere", "Residents"), NO_HELP),
    "respondent": (("Respondent", "Respondent"), NO_HELP),
    "reversal": (("Tilbageførsel", "Reversal"), NO_HELP),
    "role": (("Rolle", "Role"), NO_HELP),
    "scale_max": (("Skalaens højeste", "Top of the scale"), NO_HELP),
    "scale_min": (("Skalaens laveste", "Bottom of the scale"), NO_HELP),
    "score": (("Værdi", "Score"), NO_HELP),
    "session": (("Mødegang", "Session"), NO_HELP),
    "shares": (
        ("Fordeling på tilsagn", "Shares of commitments"),
        ("Kun hvis udgiften ikke følger finansieringen.", "Only where the expense does not follow the financing."),
    ),
    "source": (("Kilde", "Source"), NO_HELP),
    "source_activity": (("Taget fra aktivitet", "Taken from activity"), NO_HELP),
    "start": (("Start", "Start"), DAY),
    "session.planned.start": (("Klokken", "Time"), ("For eksempel 18.30.", "For example 18:30.")),
    "status": (("Status", "Status"), NO_HELP),
    "story": (("Historie", "Story"), NO_HELP),
    "summary": (("Hvad går det ud på?", "What is it about?"), NO_NAMES),
    "target": (("Mål for perioden", "Target"), NO_HELP),
    "target_group": (("Målgruppe", "Target group"), NO_HELP),
    "text": (("Tekst", "Text"), NO_NAMES),
    "title": (("Titel", "Title"), NO_NAMES),
    "value": (("Værdi", "Value"), NO_HELP),
    "volunteer": (("Frivillig", "Volunteer"), PSEUDONYM),
    "voucher": (("Bilag", "Voucher"), ("Bilagets nummer.", "The voucher's number.")),
    "wave": (("Måling", "Measurement"), NO_HELP),
    "what_works": (("Det, der virker", "What works"), NO_NAMES),
    "year": (("År", "Year"), NO_HELP),
}
AGE_BANDS: Final[Mapping[str, Word]] = {
    band: (f"{band} år", f"{band} years")
    for band in ("0-5", "6-9", "10-12", "13-14", "15-17", "18-24", "25-29", "30-49", "50-66", "67+")
}
ORGANISATIONS: Final[Mapping[Any, Word]] = {
    **words.FUNDER_KINDS,
    "company": ("Virksomhed", "Company"),
    "association": ("Forening", "Association"),
}
LEFT_BECAUSE: Final[Mapping[str, Word]] = {
    "completed": ("Gennemført", "Completed"),
    "education": ("Uddannelse", "Education"),
    "job": ("Job", "Job"),
    "moved": ("Flyttet", "Moved"),
    "other": ("Andet", "Other"),
}
ABSENT_BECAUSE: Final[Mapping[str, Word]] = {
    "sent_word": ("Meldte afbud", "Sent word"),
    "school": ("Skole", "School"),
    "job": ("Arbejde", "Job"),
    "holiday": ("Ferie", "Holiday"),
    "other": ("Andet", "Other"),
}
# What the codes of a choice are called, by the field, or by the event and the field.
CODES: Final[Mapping[str, Mapping[Any, Word]]] = {
    "age_band": AGE_BANDS,
    "attainment": words.ATTAINMENTS,
    "cost_type": words.COST_TYPES,
    "funder_kind": words.FUNDER_KINDS,
    "figure": words.FIGURE_NAMES,
    "gender": {"female": ("Kvinde", "Female"), "male": ("Mand", "Male"), "other": ("Andet", "Other")},
    "indicator": words.CONTEXT,
    "per": words.DIMENSIONS,
    "budget.revised.kind": words.REVISIONS,
    "organisation.registered.kind": ORGANISATIONS,
    "lens": words.LENSES,
    "lenses": words.LENSES,
    "absent.reason": ABSENT_BECAUSE,
    "participant.left.reason": LEFT_BECAUSE,
    "respondent": words.RESPONDENTS,
    "partner.joined.role": words.PARTNER_ROLES,
    "partner.left.role": words.PARTNER_ROLES,
    "role": {"volunteer": ("Frivillig", "Volunteer"), "venture_pilot": ("Venturepilot", "Venture pilot")},
    "status": words.FOLLOW_UPS,
    "wave": words.WAVES,
}
YES_OR_NO: Final[Mapping[str, Word]] = {"true": ("Ja", "Yes"), "false": ("Nej", "No")}
# The name that an event gives to what is new, and the fields that it is made from.
NEW: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("area.registered", "area"): ("name",),
    ("pool.defined", "pool"): ("name",),
    ("organisation.registered", "organisation"): ("name",),
    ("plan.approved", "plan"): ("name",),
    ("goal.set", "goal"): ("title",),
    ("milestone.planned", "milestone"): ("title",),
    ("activity.planned", "activity"): ("name",),
    ("course.opened", "course"): ("activity", "start"),
    ("business.founded", "business"): ("name",),
    ("session.planned", "session"): ("date",),
    ("attendance.recorded", "session"): ("date",),
    ("session.cancelled", "session"): ("date",),
    ("story.published", "story"): ("title",),
    ("funding.committed", "commitment"): ("plan", "funder", "date"),
    ("funding.received", "receipt"): ("commitment", "date"),
    ("expense.booked", "expense"): ("plan", "voucher"),
    ("expense.reversed", "reversal"): ("expense", "date"),
}


# Names that may be known or new, by the event and the path without numbers: what is known is offered, and a short name
# is made of anything else.
OPEN: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("activity.planned", "kind"),
        ("budget.approved", "lines.line"),
        ("budget.revised", "changes.line"),
        ("outcome.measured", "instrument"),
        ("pool.defined", "effort_areas.effort_area"),
        ("pool.defined", "crosswalk.effort_area"),
    }
)


# The themes of the list of forms: what the names of their events begin with, and what the theme is called.
THEMES: Final[Sequence[tuple[Sequence[str], Word]]] = (
    (("participant", "attendance", "session", "followup", "outcome", "consent"), ("Deltagere", "Participants")),
    (("activity", "course", "business", "practice", "story"), ("Aktiviteter", "Activities")),
    (("volunteer", "mentor"), ("Frivillige og mentorer", "Volunteers and mentors")),
    (("plan", "goal", "milestone", "partner"), ("Helhedsplaner", "Plans")),
    (("funding", "budget", "expense", "statement"), ("Økonomi", "Funding")),
    (("area", "pool", "organisation", "context", "report"), ("Netværket", "The network")),
)


def label_of(event: str, path: str) -> Word:
    """Give what a field is called, by its event and its path without numbers, such as `consent.reference`."""
    return _entry(event, path)[0]


def help_of(event: str, path: str) -> Word:
    """Give what helps to fill a field in; empty where nothing has to be said."""
    return MADE if (event, path) in NEW else _entry(event, path)[1]


def codes_of(event: str, path: str) -> Mapping[Any, Word]:
    """Give what the codes of a choice are called."""
    found = next((CODES[key] for key in _keys(event, path) if key in CODES), None)
    if found is None:
        raise KeyError(f"the choice {path} of {event} has no words")
    return found


def said_by(event: type[EventData], *, as_network: bool) -> bool:
    """Tell whether a form of an event is for areas, or for those who speak for the network."""
    return event.said_by != "owner" and (as_network or event.said_by != "network")


def _entry(event: str, path: str) -> tuple[Word, Word]:
    return next(FIELDS[key] for key in _keys(event, path) if key in FIELDS)


def _keys(event: str, path: str) -> tuple[str, ...]:
    return f"{event}.{path}", path, path.rpartition(".")[2]
