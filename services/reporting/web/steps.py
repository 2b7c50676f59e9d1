"""What somebody does about each thing that needs attention: one sentence, which begins with a verb. Owns no rule."""

from collections.abc import Mapping
from typing import Final

from services.reporting.terms import AttentionCode
from services.reporting.web.language import marked

STEPS: Final[Mapping[AttentionCode, str]] = {
    "area_silent": marked("Spørg områdets koordinator, om der mangler registreringer."),
    "milestone_overdue": marked("Registrér milepælen som nået, eller aftal en ny frist med bestyrelsen."),
    "attendance_falling": marked("Tal med dem, der leder aktiviteten, om hvorfor færre kommer."),
    "sessions_cancelled": marked("Se begrundelserne, og find en afløser, hvis det gentager sig."),
    "plan_ending": marked("Aftal med parterne, hvem der fører hvad videre, og om der søges en ny plan."),
    "not_anchored": marked("Find en, der viderefører aktiviteterne, og registrér forankringen."),
    "payout_withheld": marked(
        "Ret det, der er begrundelsen, giv finansieringskilden besked, og registrér genoptagelsen, når den kommer."
    ),
    "co_funding_unreleased": marked("Bed finansieringskilden om at frigive beløbet, eller om en dato for det."),
    "commitment_unconfirmed": marked("Bed netværket bekræfte tilsagnet, når tilsagnsbrevet er set."),
    "people_removed": marked("Hent før fristen det, som området skal gemme; det kan ikke hentes bagefter."),
    "account_below_zero": marked("Anmod om den næste rate, eller vent med udgifter, til den er kommet."),
    "local_floor_at_risk": marked("Få det manglende lokale tilsagn på plads, før der bruges flere midler."),
    "consent_missing": marked("Bed området om at tiltræde planen."),
    "spending_off_pace": marked("Gennemgå budgettet, og søg ombudgettering, hvis afvigelsen holder."),
    "statement_due": marked("Indsend årsopgørelsen med revisorerklæring; ellers kan udbetalinger blive tilbageholdt."),
    "dead_letters": marked("Bed den systemansvarlige om at se på dem."),
    "messages_forged": marked("Giv den systemansvarlige besked i dag."),
    "log_parted": marked("Giv den systemansvarlige besked i dag."),
    "ledger_differs": marked("Brug ikke beløbene, før den systemansvarlige har set på dem."),
    "release_late": marked("Bed den systemansvarlige om at se, hvorfor månedens opgørelse mangler."),
    "events_rejected": marked("Ret registreringerne hos afsenderen, og send dem igen."),
}
