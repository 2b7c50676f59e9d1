"""One golden sample of each of funding's later events; see `samples.py`."""

from typing import Any, Final

FUNDING_SAMPLES: Final[dict[str, dict[str, Any]]] = {
    "funding.withheld": {
        "commitment": "amagerplanen-lbf",
        "date": "2026-07-01",
        "reason": "Årsopgørelsen for 2025 mangler",
    },
    "funding.resumed": {
        "commitment": "amagerplanen-lbf",
        "date": "2026-08-15",
        "reason": "Årsopgørelsen er modtaget",
    },
    "budget.approved": {
        "plan": "amagerplanen",
        "lines": [
            {
                "line": "loen-2026",
                "effort_area": "beskaeftigelse",
                "cost_type": "wages",
                "year": 2026,
                "amount_ore": 350_000_000,
            }
        ],
        "approval_reference": "Bestyrelsen 12/2025",
    },
    "budget.revised": {
        "plan": "amagerplanen",
        "kind": "reallocation",
        "changes": [
            {"line": "loen-2026", "amount_ore": -2_500_000},
            {"line": "aktiviteter-2026", "amount_ore": 2_500_000},
        ],
        "approval_reference": "Bestyrelsen 4/2026",
    },
    "expense.reversed": {
        "expense": "amagerplanen-bilag-1042",
        "reversal": "amagerplanen-bilag-1043",
        "date": "2026-04-02",
        "reason": "Bogført på den forkerte linje",
    },
    "statement.submitted": {
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisionspåtegning 2026-17",
        "remarks": "Indsendt efter bestyrelsens godkendelse",
        "explanations": [{"line": "loen-2025", "text": "En stilling stod ubesat i to måneder"}],
    },
    "statement.returned": {
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisionspåtegning 2026-17",
        "remarks": "Bilagslisten mangler en underskrift",
    },
    "statement.accepted": {
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisionspåtegning 2026-18",
        "remarks": "Godkendt uden bemærkninger",
    },
}
