"""What somebody does about each thing that needs attention: one sentence, which begins with a verb. Owns no rule.

Whoever works in the area or the plan itself does it; whoever stands outside, as a network lead does, asks for it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.reporting.subscriptions.rules import concerning
from services.reporting.terms import AttentionCode
from services.reporting.web.language import marked
from shared.tokens import Identity

# For those who do it themselves.
OWN_STEPS: Final[Mapping[AttentionCode, str]] = {
    "area_silent": marked("Registrér de mødegange og deltagere, der mangler."),
    "milestone_overdue": marked("Registrér milepælen som nået, eller aftal en ny frist med bestyrelsen."),
    "payout_withheld": marked(
        "Ret det, der er begrundelsen, giv finansieringskilden besked, og registrér genoptagelsen, når den kommer."
    ),
    "not_anchored": marked("Find en, der viderefører aktiviteterne, og registrér forankringen."),
    "commitment_unconfirmed": marked("Send netværket tilsagnsbrevet, og bed det bekræfte tilsagnet."),
    "people_removed": marked("Hent før fristen det, som området skal gemme; det kan ikke hentes bagefter."),
    "account_below_zero": marked("Anmod om den næste rate, eller vent med udgifter, til den er kommet."),
    "consent_missing": marked("Tiltræd planen, eller bed det område, der mangler, om at gøre det."),
    "statement_due": marked("Indsend årsopgørelsen med revisorerklæring; ellers kan udbetalinger blive tilbageholdt."),
    "events_rejected": marked("Ret registreringerne, og send dem igen."),
}
# For those who stand outside, and for everybody where both do the same.
STEPS: Final[Mapping[AttentionCode, str]] = {
    "area_silent": marked("Spørg områdets koordinator, om der mangler registreringer."),
    "milestone_overdue": marked("Spørg planen, om milepælen er nået, eller om bestyrelsen har aftalt en ny frist."),
    "attendance_falling": marked("Tal med dem, der leder aktiviteten, om hvorfor færre kommer."),
    "sessions_cancelled": marked("Se begrundelserne, og find en afløser, hvis det gentager sig."),
    "plan_ending": marked("Aftal med parterne, hvem der fører hvad videre, og om der søges en ny plan."),
    "not_anchored": marked("Hjælp planen med at finde dem, der kan videreføre aktiviteterne."),
    "payout_withheld": marked(
        "Hjælp planen med at rette det, der er begrundelsen, og følg op, til der igen udbetales."
    ),
    "co_funding_unreleased": marked("Bed finansieringskilden om at frigive beløbet, eller om en dato for det."),
    "commitment_unconfirmed": marked("Se tilsagnsbrevet, og lad en administrator bekræfte tilsagnet."),
    "people_removed": marked("Mind området om at hente det, der skal gemmes, før fristen; bagefter er det væk."),
    "account_below_zero": marked("Bed planen anmode om den næste rate, eller vente med udgifter, til den er kommet."),
    "local_floor_at_risk": marked("Få det manglende lokale tilsagn på plads, før der bruges flere midler."),
    "consent_missing": marked("Bed området om at tiltræde planen."),
    "spending_off_pace": marked("Gennemgå budgettet, og søg ombudgettering, hvis afvigelsen holder."),
    "statement_due": marked(
        "Bed planen indsende årsopgørelsen med revisorerklæring; ellers kan udbetalinger blive tilbageholdt."
    ),
    "dead_letters": marked("Bed den systemansvarlige om at se på dem."),
    "messages_forged": marked("Giv den systemansvarlige besked i dag."),
    "log_parted": marked("Giv den systemansvarlige besked i dag."),
    "ledger_differs": marked("Brug ikke beløbene, før den systemansvarlige har set på dem."),
    "release_late": marked("Bed den systemansvarlige om at se, hvorfor månedens opgørelse mangler."),
    "events_rejected": marked("Bed afsenderen rette registreringerne og sende dem igen."),
}
# A statement that was returned is there: it is mended, not made.
RETURNED: Final = marked("Bed planen rette det, der er begrundelsen, og indsende årsopgørelsen igen.")
OWN_RETURNED: Final = marked("Ret det, der er begrundelsen, og indsend årsopgørelsen igen.")


def step_of(item: Mapping[str, Any], *, is_own: bool) -> str:
    """Give what is to be done; `is_own` tells that the reader works where the thing is. Empty for an unknown code."""
    if is_returned(item):
        return OWN_RETURNED if is_own else RETURNED
    outside = STEPS.get(item["code"], "")
    return OWN_STEPS.get(item["code"], outside) if is_own else outside


def is_returned(item: Mapping[str, Any]) -> bool:
    """Tell whether a thing that needs attention is a statement that came back."""
    return bool(item["code"] == "statement_due" and item["values"].get("state") == "returned")


def is_own(item: Mapping[str, Any], reader: Identity, plans: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether a thing is a coordinator's own: of one of their areas, or of a plan of these; `plans` are rows."""
    areas_of = {plan["plan"]: plan["areas"] for plan in plans}
    return reader.role == "coordinator" and bool(concerning([dict(item)], reader, areas_of))
