"""What the read routes show of a plan, and to whom."""

import csv
import io
import zipfile
from datetime import date

import httpx
import openpyxl
import pytest
from fastapi import FastAPI

from tests.conftest import Bearer
from tests.funding.conftest import Client
from tests.support.builders import AREA, OTHER_AREA, PLAN, a_commitment, an_expense
from tests.support.money import (
    ACTIVITIES,
    HOUSING,
    LBF,
    MUNICIPALITY,
    WAGES,
    a_budget,
    a_receipt,
    a_release,
    a_reversal,
    a_revision,
    a_statement,
    a_withholding,
    three_commitments,
)
from tests.support.running import in_process

STORY = (
    *three_commitments(),
    a_commitment("lokaler", funder="kommune", funder_kind="municipality", in_kind=True, amount_ore=50_000),
    a_budget(),
    a_release(MUNICIPALITY, 40_000),
    a_receipt(MUNICIPALITY, 30_000, "rate-k", date="2025-09-15"),
    a_receipt(LBF, 300_000, date="2025-08-15"),
    an_expense(line=WAGES, amount_ore=160_000),
    an_expense("udgift-2", line=ACTIVITIES, amount_ore=80_000, text='=HYPERLINK("x")', voucher="B-1002"),
    an_expense("udgift-3", line=ACTIVITIES, amount_ore=8_000, incurred_on="2025-10-02", voucher="B-1003"),
    a_reversal("udgift-3"),
)


@pytest.fixture
async def told(funding: Client) -> Client:
    """Give funding with a plan that has a budget, receipts, expenses and a reversal."""
    await funding.post(*STORY)
    return funding


async def test_a_plan_shows_what_is_promised_paid_and_spent(told: Client) -> None:
    """Every sum, and each regulation account as received less carried."""
    plan = await told.read(f"plans/{PLAN}", as_of="2025-10-31")
    sums = {name: plan[f"{name}_ore"] for name in ("committed", "released", "received", "spent", "in_kind")}
    assert sums == {
        "committed": 1_050_000,
        "released": 340_000,
        "received": 330_000,
        "spent": 240_000,
        "in_kind": 50_000,
    }
    regulation = {row["commitment"]: row["regulation_account_ore"] for row in plan["commitments"]}
    assert regulation == {LBF: 300_000 - 180_000, MUNICIPALITY: 30_000 - 30_000, HOUSING: -30_000, "lokaler": 0}


async def test_the_co_funding_is_judged_over_the_plan_per_year_and_forward(told: Client) -> None:
    """Of 240,000 øre in 92 days a quarter is local; the 40,000 released carry that for 61 days and no longer."""
    gauge = (await told.read(f"plans/{PLAN}", as_of="2025-10-31"))["co_funding"]
    assert (gauge["committed"]["within_ceiling"], gauge["committed"]["above_floor"]) == (True, True)
    assert (gauge["received"]["local_pct"], gauge["received"]["above_floor"]) == (9.1, False)
    assert (gauge["spent"]["landsbyggefonden_pct"], gauge["spent"]["above_floor"]) == (75.0, True)
    assert gauge["spent_by_year"]["2025"] == gauge["spent"]
    assert gauge["floor_breaks_on"] == "2025-10-01"


async def test_the_schedule_tells_what_is_expected_overdue_and_withheld(told: Client) -> None:
    """Sixteen quarters; what came in fills the first ones, and a withheld commitment is not overdue."""
    await told.post(a_withholding(HOUSING))
    plan = await told.read(f"plans/{PLAN}", as_of="2025-12-02")
    by_commitment = {row["commitment"]: row for row in plan["commitments"]}
    of_fund = [row for row in plan["instalments"] if row["commitment"] == LBF]
    assert [row["due"] for row in of_fund[:3]] == ["2025-08-01", "2025-11-01", "2026-02-01"]
    assert [row["amount_ore"] for row in of_fund] == [46_875] * 16
    assert [row["status"] for row in of_fund] == ["received"] * 6 + ["expected"] * 10
    of_municipality = [row["status"] for row in plan["instalments"] if row["commitment"] == MUNICIPALITY]
    assert of_municipality == ["received"] * 3 + ["expected"] * 13
    assert by_commitment[HOUSING]["overdue_ore"] == 0
    assert {row["status"] for row in plan["instalments"] if row["commitment"] == HOUSING} == {"withheld"}


async def test_an_instalment_is_overdue_when_its_days_of_grace_are_over(funding: Client) -> None:
    """On the last day of grace it is expected, the day after it is overdue."""
    await funding.post(*three_commitments())
    on_time = await funding.read(f"plans/{PLAN}", as_of="2025-08-31")
    late = await funding.read(f"plans/{PLAN}", as_of="2025-09-01")
    assert [row["overdue_ore"] for row in on_time["commitments"]] == [0, 0, 0]
    assert sum(row["overdue_ore"] for row in late["commitments"]) == 46_875 + 7_813 + 7_813


async def test_a_budget_shows_lines_sums_and_versions(told: Client) -> None:
    """Budgeted, spent and remaining agree by line, effort area, cost type and year."""
    await told.post(a_revision(loen_2025=-1_000, aktiviteter_2025=1_000))
    budget = await told.read(f"plans/{PLAN}/budget")
    assert (budget["version"], budget["committed_ore"], budget["budget_ore"]) == (2, 1_000_000, 1_000_000)
    line = next(line for line in budget["lines"] if line["line"] == ACTIVITIES)
    assert (line["first_ore"], line["budget_ore"], line["spent_ore"], line["remaining_ore"]) == (
        300_000, 301_000, 80_000, 221_000,
    )  # fmt: skip
    for heading in ("lines", "effort_areas", "cost_types", "years"):
        assert sum(row["spent_ore"] for row in budget[heading]) == budget["spent_ore"] == 240_000
        assert sum(row["budget_ore"] for row in budget[heading]) == 1_000_000
    assert [version["kind"] for version in budget["versions"]] == ["approved", "reallocation"]


async def test_an_annual_statement_adds_up(told: Client) -> None:
    """Opening and received less spent is closing; costs, financing and vouchers are the same sum."""
    await told.post(a_statement("submitted", explanations=[{"line": ACTIVITIES, "text": "Startede sent"}]))
    statement = await told.read(f"plans/{PLAN}/statements/2025")
    assert statement["status"] == "submitted"
    assert (
        statement["opening_bank_ore"] + statement["received_ore"] - statement["spent_ore"]
        == (statement["closing_bank_ore"])
    )
    for part in ("costs", "vouchers"):
        assert sum(row["amount_ore"] for row in statement[part]) == statement["spent_ore"] == 240_000
    assert sum(row["carried_ore"] for row in statement["financing"]) == 240_000
    assert all(
        row["opening_ore"] + row["received_ore"] - row["carried_ore"] == row["closing_ore"]
        for row in statement["financing"]
    )
    deviation = next(row for row in statement["deviations"] if row["line"] == ACTIVITIES)
    assert (deviation["left_ore"], deviation["explanation"]) == (220_000, "Startede sent")
    assert [row["amount_ore"] for row in statement["vouchers"]] == [160_000, 80_000, 8_000, -8_000]


async def test_the_next_years_statement_opens_where_the_last_closed(told: Client) -> None:
    """Bank and regulation accounts go on, and what was carried forward shows in both years."""
    await told.post(
        a_statement("submitted"),
        a_revision("carry_forward", loen_2026=440_000),
        an_expense("udgift-4", line="loen-2026", amount_ore=100_000, incurred_on="2026-01-31"),
        a_reversal("udgift-2", date="2025-12-30"),
    )
    first = await told.read(f"plans/{PLAN}/statements/2025")
    second = await told.read(f"plans/{PLAN}/statements/2026")
    assert second["opening_bank_ore"] == first["closing_bank_ore"]
    assert [row["opening_ore"] for row in second["financing"]] == [row["closing_ore"] for row in first["financing"]]
    assert second["spent_ore"] == 100_000 - 80_000
    left = {row["line"]: row["left_ore"] for row in first["deviations"]}
    assert left == {WAGES: 220_000, ACTIVITIES: 0}
    assert second["deviations"][0]["budget_ore"] == 540_000
    assert len(first["carry_forwards"]) == len(second["carry_forwards"]) == 1


async def test_a_statement_that_is_not_handed_in_counts_the_days_to_30_june(told: Client) -> None:
    """The day is that of the following year; a year outside the plan has no statement."""
    statement = await told.read(f"plans/{PLAN}/statements/2028")
    assert (statement["status"], statement["due_on"]) == ("open", "2029-06-30")
    assert isinstance(statement["days_left"], int)
    missing = await told.http.get(f"/funding/plans/{PLAN}/statements/2030", headers=told.headers)
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_pages_of_the_ledger_give_every_entry_once(told: Client) -> None:
    """Following `next` gives what one large page gives, whole or of one account."""
    for filters in ({}, {"account": "bank"}):
        whole = await told.read(f"plans/{PLAN}/ledger", limit=500, **filters)
        cursor, paged = "", []
        while cursor is not None:
            page = await told.read(f"plans/{PLAN}/ledger", limit=4, cursor=cursor, **filters)
            paged.extend(page["entries"])
            cursor = page["next"]
        assert paged == whole["entries"]
    assert len(whole["entries"]) == 6


async def test_an_auditor_sees_who_booked_what_and_a_lead_does_not(told: Client, bearer: Bearer) -> None:
    """By an opaque name beside each entry; who reads it otherwise reads the same, without it."""
    path = f"/funding/plans/{PLAN}/ledger"
    of_an_auditor, of_a_lead = [
        (await told.http.get(path, headers=bearer(role))).json()["entries"] for role in ("auditor", "lead")
    ]
    assert all(entry["author"].startswith("unknown c-") for entry in of_an_auditor)
    assert {entry["author"] for entry in of_a_lead} == {None}
    assert [{**entry, "author": None} for entry in of_an_auditor] == of_a_lead


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
async def test_the_ledgers_file_tells_an_auditor_who_booked_what(told: Client, bearer: Bearer, suffix: str) -> None:
    """In a column of its own, by the opaque name that the pages of the ledger tell; a lead's file has none."""
    entries = (await told.http.get(f"/funding/plans/{PLAN}/ledger", headers=bearer("auditor"))).json()["entries"]
    authors = [entry["author"] for entry in entries]
    for role, expected in (("auditor", authors), ("admin", authors), ("lead", None), ("coordinator", None)):
        areas = (AREA,) if role == "coordinator" else ()
        file = await told.http.get(f"/funding/plans/{PLAN}/ledger.{suffix}", headers=bearer(role, *areas))
        assert file.status_code == httpx.codes.OK, (role, file.text)
        if suffix == "csv":
            rows = list(csv.DictReader(io.StringIO(file.text)))
            assert [row.get("author") for row in rows] == (expected or [None] * len(rows))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
            heading, *table = sheet.iter_rows(values_only=True)
            assert ("Sendt af" in heading) == (expected is not None)
            assert expected is None or [row[-1] for row in table] == expected
            assert len(table) == len(entries)


async def test_pages_of_the_expenses_give_every_expense_once(told: Client) -> None:
    """Following `next` gives what one large page gives."""
    whole = await told.read(f"plans/{PLAN}/expenses")
    first = await told.read(f"plans/{PLAN}/expenses", limit=2)
    second = await told.read(f"plans/{PLAN}/expenses", limit=2, cursor=first["next"])
    assert first["expenses"] + second["expenses"] == whole["expenses"]
    assert whole["expenses"][-1]["reversal"] == "retur-udgift-3"


@pytest.mark.parametrize(
    "cursor", ["x", "2025-99-99.udgift", "1", "1.2.3", "\u0661.\u0662", "\uff11.\uff12", "\u0662025-09-01.udgift"]
)
@pytest.mark.parametrize("path", ["expenses", "ledger"])
async def test_a_cursor_that_no_page_gave_is_refused(told: Client, path: str, cursor: str) -> None:
    """It is an error of the request, not of ours."""
    answer = await told.http.get(f"/funding/plans/{PLAN}/{path}", params={"cursor": cursor}, headers=told.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_the_trial_balance_of_a_day_holds_what_was_booked_until_then(told: Client) -> None:
    """Both sides are equal on any day, and the last day's is the present one."""
    for day in ("2025-06-01", "2025-09-01", "2025-10-02", "2025-11-03"):
        balance = await told.read(f"plans/{PLAN}/trial-balance", on=day)
        assert balance["debit_ore"] == balance["credit_ore"] > 0
    last = await told.read(f"plans/{PLAN}/trial-balance", on="2025-11-03")
    assert last["accounts"] == (await told.read(f"plans/{PLAN}/trial-balance"))["accounts"]


@pytest.mark.parametrize("book", ["ledger", "expenses", "trial-balance"])
async def test_a_book_comes_as_csv_and_as_a_workbook(told: Client, book: str) -> None:
    """CSV has a row for each, in øre; the workbook opens and has as many."""
    text = (await told.get(f"plans/{PLAN}/{book}.csv")).text
    table = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in table} == {len(table[0])}
    workbook = await told.get(f"plans/{PLAN}/{book}.xlsx")
    with zipfile.ZipFile(io.BytesIO(workbook.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(table)
    assert "<f>" not in sheet


async def test_a_text_that_begins_like_a_formula_stays_a_text(told: Client) -> None:
    """In CSV it gets an apostrophe, as a spreadsheet wants it."""
    text = (await told.get(f"plans/{PLAN}/expenses.csv", year=2025)).text
    texts = {row["voucher"]: row["text"] for row in csv.DictReader(io.StringIO(text))}
    assert texts["B-1002"] == '\'=HYPERLINK("x")'
    assert "share_ore:tilsagn-lbf" in text


async def test_verification_is_for_auditors(told: Client, bearer: Bearer) -> None:
    """A lead may not start it; an auditor reads that nothing was found."""
    refused = await told.http.get("/funding/verification", headers=bearer("lead"))
    assert refused.status_code == 403
    document = await told.read("verification")
    assert (document["events"], document["findings"]) == (len(STORY), [])


async def test_accounts_are_for_those_who_have_a_part_in_them(funding_app: FastAPI, bearer: Bearer) -> None:
    """A coordinator of another area, a service and a stranger are refused; the plan's own and auditors read."""
    async with in_process({"funding": funding_app}) as http:

        async def status(headers: dict[str, str], path: str = f"plans/{PLAN}") -> int:
            answer: httpx.Response = await http.get(f"/funding/{path}", headers=headers)
            return answer.status_code

        for readers in (bearer("auditor"), bearer("lead"), bearer("coordinator", OTHER_AREA)):
            assert await status(readers) == 200
        for path in ("", "/budget", "/expenses", "/ledger", "/trial-balance", "/statements/2025", "/ledger.csv"):
            assert await status(bearer("coordinator", "vollsmose"), f"plans/{PLAN}{path}") == 403
        assert await status(bearer("service")) == 403
        assert await status({}) == 401
        assert await status(bearer("lead"), "plans/findes-ikke") == 404
        mine = await http.get("/funding/plans", headers=bearer("coordinator", AREA))
        others = await http.get("/funding/plans", headers=bearer("coordinator", "vollsmose"))
        assert [len(answer.json()["plans"]) for answer in (mine, others)] == [1, 0]
        assert date.fromisoformat(mine.json()["plans"][0]["end"]) == date(2029, 7, 31)
