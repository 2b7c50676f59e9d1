"""One golden sample of each event's data, with every field that it has. They are what a sender may rely on."""

from typing import Any, Final

from tests.contracts.funding_samples import FUNDING_SAMPLES
from tests.contracts.registry_samples import REGISTRY_SAMPLES

SAMPLES: Final[dict[str, dict[str, Any]]] = {
    **REGISTRY_SAMPLES,
    **FUNDING_SAMPLES,
    "area.registered": {
        "area": "urbanplanen",
        "name": "Urbanplanen",
        "municipality": "Københavns Kommune",
        "residents": 4200,
        "departments": ["Solvang", "Dyvekevænget"],
    },
    "pool.defined": {
        "pool": "2027-30",
        "name": "Puljen 2027-30",
        "start": "2027-01-01",
        "end": "2030-12-31",
        "effort_areas": [{"effort_area": "beskaeftigelse", "name": "Beskæftigelse"}],
        "crosswalk": [
            {"effort_area": "beskaeftigelse", "other_pool": "2019-26", "other_effort_area": "beskaeftigelse"}
        ],
    },
    "organisation.registered": {
        "organisation": "boligforening",
        "name": "Boligforeningen",
        "kind": "housing_organisation",
        "cvr": "13585628",
    },
    "plan.approved": {
        "plan": "amagerplanen",
        "name": "Amagerplanen",
        "pool": "2019-26",
        "areas": ["urbanplanen"],
        "start": "2025-08-01",
        "end": "2029-07-31",
        "approval_reference": "LBF 2025-1",
    },
    "activity.planned": {
        "activity": "mind-your-own-business",
        "plan": "amagerplanen",
        "area": "urbanplanen",
        "name": "Mind Your Own Business",
        "kind": "micro-business",
        "effort_area": "uddannelse-og-livschancer",
        "start": "2025-10-01",
        "end": "2026-05-31",
        "fixed": True,
        "capacity": 12,
        "target_group": "Drenge på 13-19 år",
    },
    "activity.started": {"activity": "mind-your-own-business", "date": "2025-10-01", "reason": "Som planlagt"},
    "activity.ended": {"activity": "mind-your-own-business", "date": "2026-05-31", "reason": "Forløbet er slut\nTak"},
    "participant.enrolled": {
        "activity": "mind-your-own-business",
        "participant": "8c1fa02b4de97a63",
        "date": "2025-10-01",
        "age_band": "13-14",
        "course": "2025",
        "gender": "male",
        "consent": {"reference": "Samtykke 17", "guardian": True},
    },
    "attendance.recorded": {
        "activity": "mind-your-own-business",
        "session": "2025-10-07",
        "date": "2025-10-07",
        "participants": ["8c1fa02b4de97a63"],
        "hours": 2.5,
    },
    "funding.committed": {
        "commitment": "amager-lbf",
        "plan": "amagerplanen",
        "funder": "landsbyggefonden",
        "funder_kind": "landsbyggefonden",
        "amount_ore": 2_100_000_000,
        "in_kind": False,
        "reference": "LBF 2025-1",
        "date": "2025-06-01",
    },
    "funding.released": {
        "commitment": "amager-lbf",
        "amount_ore": 525_000_000,
        "date": "2025-08-01",
        "reference": "Frigivelse 1",
    },
    "funding.received": {
        "commitment": "amager-lbf",
        "receipt": "amager-lbf-1",
        "amount_ore": 131_250_000,
        "date": "2025-08-15",
        "reference": "Rate 1",
    },
    "expense.booked": {
        "expense": "amager-2025-09-loen",
        "plan": "amagerplanen",
        "area": "urbanplanen",
        "line": "loen",
        "amount_ore": 10_000_001,
        "incurred_on": "2025-09-30",
        "voucher": "B-1001",
        "text": "Løn september",
        "activity": "mind-your-own-business",
        "shares": {"amager-lbf": 7_500_001, "amager-kommune": 2_500_000},
    },
    "funding.withheld": {"commitment": "amager-lbf", "date": "2026-07-01", "reason": "Årsopgørelsen mangler"},
    "funding.resumed": {"commitment": "amager-lbf", "date": "2026-08-15", "reason": "Årsopgørelsen er modtaget"},
    "budget.approved": {
        "plan": "amagerplanen",
        "lines": [
            {
                "line": "loen",
                "effort_area": "beskaeftigelse",
                "cost_type": "wages",
                "year": 2025,
                "amount_ore": 2_800_000_000,
            }
        ],
        "approval_reference": "Bestyrelsen 2025-3",
    },
    "budget.revised": {
        "plan": "amagerplanen",
        "kind": "reallocation",
        "changes": [
            {"line": "loen", "amount_ore": -5_000_000},
            {"line": "aktiviteter", "amount_ore": 5_000_000},
        ],
        "approval_reference": "Bestyrelsen 2026-1",
    },
    "expense.reversed": {
        "expense": "amager-2025-09-loen",
        "reversal": "amager-2025-09-loen-retur",
        "date": "2025-10-02",
        "reason": "Bogført på den forkerte linje",
    },
    "statement.submitted": {
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisor 2026-14",
        "remarks": "Ingen bemærkninger.",
        "explanations": [{"line": "loen", "text": "En stilling var ledig i tre måneder."}],
    },
    "statement.returned": {
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisor 2026-14",
        "remarks": "Forklaring til linjen løn mangler.",
    },
    "context.imported": {
        "area": "urbanplanen",
        "indicator": "income_pct",
        "value": 58.4,
        "date": "2025-01-01",
        "source": "Listen over udsatte boligområder 2025",
    },
    "report.published": {
        "report": "network?from=2025-08-01&to=2026-07-31",
        "cursor": "registry:1234,funding:77,reporting:5",
        "digest": "5d41402abc4b2a76b9719d911017c592ae3f2f1d2c1b0a99887766554433221f",
    },
    "statement.accepted": {
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisor 2026-15",
        "remarks": "Godkendt.",
    },
}
