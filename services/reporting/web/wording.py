"""What codes are called on a page, in the reader's language. Owns no rule and no figure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from services.reporting import words
from services.reporting.terms import STANDING_AMOUNTS, TIMES
from services.reporting.web.language import PageLanguage, languages, marked
from services.reporting.web.refusals import NOTED, REJECTED
from services.reporting.web.steps import is_returned, step_of
from services.reporting.web.writing import NOTHING, Code, called, said
from shared.codes import MESSAGES
from shared.tokens import Identity, Role

Item = Mapping[str, Any]
Names = Mapping[str, str]
# What the codes in a report are called: activities, and the funders of commitments.
Named = Mapping[str, Names]
NOBODY: Final[Named] = {"activities": {}, "funders": {}}


class Wording:
    """Names what codes stand for."""

    def __init__(self, language: PageLanguage) -> None:
        self._language = language
        self._details: Mapping[str, Callable[[Item, Named], str]] = {
            "area_silent": self._area_silent,
            "milestone_overdue": self._milestone_overdue,
            "attendance_falling": self._attendance_falling,
            "sessions_cancelled": self._sessions_cancelled,
            "people_removed": self._people_removed,
            "plan_ending": self._plan_ending,
            "not_anchored": self._not_anchored,
            "payout_withheld": self._payout_withheld,
            "co_funding_unreleased": self._co_funding_unreleased,
            "account_below_zero": self._account_below_zero,
            "local_floor_at_risk": self._local_floor_at_risk,
            "consent_missing": self._consent_missing,
            "commitment_unconfirmed": self._commitment_unconfirmed,
            "spending_off_pace": self._spending_off_pace,
            "statement_due": self._statement_due,
            "dead_letters": self._dead_letters,
            "messages_forged": self._messages_forged,
            "log_parted": self._log_parted,
            "ledger_differs": self._ledger_differs,
            "release_late": self._release_late,
            "events_rejected": self._events_rejected,
        }

    def indicator(self, name: str, by: Iterable[str] = ()) -> str:
        """Name a figure, as the catalogue of figures does; an amount by spans of time says that it accumulates."""
        called = self._said(words.FIGURE_NAMES, name)
        if name in STANDING_AMOUNTS and TIMES.intersection(by):
            return f"{called}, {said(words.ACCUMULATED, self._language.code)}"
        return called

    def context(self, name: str) -> str:
        """Name what somebody else measured of an area."""
        return self._said(words.CONTEXT, name)

    def period(self, kind: str, name: str) -> str:
        """Name a period that can be chosen, such as 2026-Q3."""
        if kind != "quarter":
            return name
        year, _, quarter = name.partition("-Q")
        return self._say(marked("%(quarter)s. kvartal %(year)s"), quarter=quarter, year=year)

    def report(self, name: str, areas: Names) -> str:
        """Name a published report."""
        subject, _, _ = name.partition("?")
        if subject == "network":
            return self._language.gettext("Netværksrapporten")
        area = subject.removeprefix("areas/")
        return self._say(marked("Rapporten om %(area)s"), area=areas.get(area, area))

    def has_indicator(self, name: str) -> bool:
        """Tell whether the catalogue of figures has a name for it."""
        return name in words.FIGURE_NAMES

    def say(self, text: str, **values: object) -> str:
        """Give a marked text in this language, with its values."""
        return self._say(text, **values)

    def written(self, name: str, value: float | None) -> str:
        """Write a figure as its name asks; one that is not there is a dash."""
        if value is None:
            return NOTHING
        if name.endswith("_ore"):
            return self._language.amount(int(value))
        return self._language.percent(value) if name.endswith("_pct") else self._language.number(value)

    def month(self, name: str) -> str:
        """Name a month."""
        return self._language.month(name)

    def severity(self, code: str) -> str:
        """Say how grave something is."""
        return self._said(words.SEVERITIES, code)

    def funder(self, kind: str) -> str:
        """Name a kind of funder."""
        return self._said(words.FUNDER_KINDS, kind)

    def promiser(self, commitment: Item) -> str:
        """Name who promised a commitment, and say so where an area alone has stated it."""
        name = commitment["funder_name"] or commitment["funder"]
        return name if commitment["confirmed_on"] else self._say(marked("%(funder)s (ikke bekræftet)"), funder=name)

    def lens(self, code: str) -> str:
        """Name what a measurement looks at."""
        return self._said(words.LENSES, code)

    def respondent(self, code: str) -> str:
        """Name who answered."""
        return self._said(words.RESPONDENTS, code)

    def trait(self, code: str) -> str:
        """Name an age band or a gender."""
        return self._said(words.TRAITS, code)

    def follow_up(self, status: str) -> str:
        """Name where a former participant is."""
        return self._said(words.FOLLOW_UPS, status)

    def heading(self, name: str) -> str:
        """Name a column or a row."""
        return said(words.HEADINGS[name], self._language.code)

    def wave(self, code: str) -> str:
        """Name when something was measured."""
        return self._said(words.WAVES, code)

    def activity_status(self, code: str) -> str:
        """Name where an activity stands."""
        return self._said(words.ACTIVITY_STATUSES, code)

    def attainment(self, code: str) -> str:
        """Name how far a goal was met, inside a sentence."""
        return self._inside(words.ATTAINMENTS, code)

    def milestone(self, code: str) -> str:
        """Name where a milestone stands, inside a sentence."""
        return self._inside(words.MILESTONE_STATUSES, code)

    def statement(self, code: str) -> str:
        """Name where an annual statement stands, inside a sentence."""
        return self._inside(words.STATEMENT_STATUSES, code)

    def cost_type(self, code: str | None) -> str:
        """Name a kind of cost; what is booked outside the budget has none."""
        return self._said(words.COST_TYPES, code) if code else self._language.gettext("uden for budgettet")

    def partner(self, role: str) -> str:
        """Name what a partner does in a plan, inside a sentence."""
        return self._inside(words.PARTNER_ROLES, role)

    def dimension(self, name: str) -> str:
        """Name what figures can be told apart by."""
        return self._said(words.DIMENSIONS, name)

    def value(self, dimension: str, row: Item, names: Mapping[str, Names]) -> str:
        """Name what a row of figures is about, in one of its dimensions."""
        value = row[dimension]
        if value is None:
            return self._language.gettext("uden")
        if dimension == "month":
            return self._language.month(value)
        if dimension == "quarter":
            return self.period(dimension, value)
        # Effort areas of several pools may go by one code.
        code = f"{row['pool']}/{value}" if dimension == "effort_area" else str(value)
        return names.get(dimension, {}).get(code, str(value))

    def service(self, name: str) -> str:
        """Name one of the services whose events are read."""
        return self._said(words.SERVICES, name)

    def event(self, kind: str) -> str:
        """Name a kind of event, as what was refused is named; and what a log notes by itself."""
        return self._said(NOTED, kind)

    def change_of_access(self, change: Item) -> str:
        """Say what became of whose access."""
        kind, what = self._said(words.ACCESS_KINDS, change["kind"]), self._said(words.ACCESS_CHANGES, change["what"])
        return f"{kind}: {what}"

    def role(self, identity: Identity, areas: Names | None = None) -> str:
        """Name what somebody may do, and a coordinator's areas."""
        return self.role_named(identity.role, identity.areas, areas or {})

    def role_named(self, role: Role, areas: Iterable[str], names: Names) -> str:
        """Name a role by its code, and the areas that somebody has in it."""
        said = self._said(words.ROLES, role)
        named = sorted(names.get(area, area) for area in areas)
        return f"{said}, {', '.join(named)}" if named else said

    def note(self, note: Item) -> str:
        """Give a report's note in this language."""
        text: str = note[f"text_{self._language.code}"]
        return text

    def concern(self, item: Item) -> str:
        """Name what needs attention."""
        if is_returned(item):
            return said(words.RETURNED_STATEMENT, self._language.code)
        return self._said(words.ATTENTION, item["code"])

    def step(self, item: Item, *, is_own: bool = False) -> str:
        """Say what is to be done about what needs attention; `is_own` tells that the reader works where it is."""
        return self._language.gettext(step_of(item, is_own=is_own))

    def detail(self, item: Item, named: Named = NOBODY) -> str:
        """Say what needs attention in a sentence; what has no sentence of ours is said as it came."""
        say = self._details.get(item["code"])
        told = say(item, named) if say is not None else str(item["detail"])
        # One that ends with an amount has the stop of "kr." already.
        return told[:-1] if told.endswith("..") else told

    def _said(self, names: Mapping[Any, words.Word], code: str) -> str:
        return said(names[code], self._language.code) if code in names else code.replace("_", " ")

    def _inside(self, names: Mapping[Any, words.Word], code: str) -> str:
        return said(words.inside(names[code]), self._language.code) if code in names else code.replace("_", " ")

    def _say(self, text: str, **values: object) -> str:
        return self._language.gettext(text) % values

    def _area_silent(self, item: Item, _: Named) -> str:
        if item["since"] is None:
            return self._language.gettext("Der er aldrig indberettet noget.")
        return self._say(marked("Ingen indberetning i mere end %(days)s dage."), **item["values"])

    def _milestone_overdue(self, item: Item, _: Named) -> str:
        due = self._language.day(item["since"])
        return self._say(marked("Frist %(due)s: „%(title)s“ er ikke nået."), due=due, **item["values"])

    def _attendance_falling(self, item: Item, named: Named) -> str:
        values = item["values"]
        now, before = (self._language.number(values[name]) for name in ("attended", "attended_before"))
        if "month" in values:
            text = marked("I gennemsnit %(now)s fremmødte pr. mødegang i %(month)s mod %(before)s måneden før.")
            return self._say(text, month=self._language.month(values["month"]), now=now, before=before)
        text = marked(
            "%(activity)s: i gennemsnit %(now)s fremmødte pr. mødegang mod %(before)s de foregående fire uger."
        )
        return self._say(text, activity=called(named, "activities", values["activity"]), now=now, before=before)

    def _sessions_cancelled(self, item: Item, named: Named) -> str:
        activity = called(named, "activities", item["values"]["activity"])
        text = marked("%(activity)s: %(sessions)s mødegange er aflyst på fire uger.")
        return self._say(text, activity=activity, sessions=item["values"]["sessions"])

    def _plan_ending(self, item: Item, _: Named) -> str:
        return self._say(marked("Planen slutter %(end)s."), end=self._language.day(item["values"]["end"]))

    def _people_removed(self, item: Item, _: Named) -> str:
        return self._say(
            marked("Planens deltagere og frivillige slettes %(day)s. Offentliggjorte tal bliver stående."),
            day=self._language.day(item["values"]["removed_on"]),
        )

    def _not_anchored(self, item: Item, named: Named) -> str:
        names = ", ".join(called(named, "activities", activity) for activity in item["values"]["activities"])
        return self._say(marked("Endnu ikke forankret: %(names)s."), names=names)

    def _payout_withheld(self, item: Item, named: Named) -> str:
        told = self._say(
            marked("%(funder)s tilbageholder udbetalinger; %(outstanding)s af tilsagnet er ikke udbetalt."),
            funder=called(named, "funders", item["values"]["commitment"]),
            outstanding=self._language.amount(item["values"]["amount_ore"]),
        )
        return self._with_reason(told, item["values"]["reason"])

    def _with_reason(self, told: str, reason: str | None) -> str:
        if not reason:
            return told
        because = self._say(marked("Begrundelse: %(reason)s."), reason=reason.rstrip("."))
        return f"{told} {because}"

    def _co_funding_unreleased(self, item: Item, named: Named) -> str:
        return self._say(
            marked("%(funder)s: %(missing)s af %(committed)s er ikke frigivet."),
            funder=called(named, "funders", item["values"]["commitment"]),
            missing=self._language.amount(item["values"]["amount_ore"]),
            committed=self._language.amount(item["values"]["committed_ore"]),
        )

    def _account_below_zero(self, item: Item, named: Named) -> str:
        return self._say(
            marked("%(funder)s: Forbruget overstiger de modtagne midler med %(below)s."),
            funder=called(named, "funders", item["values"]["commitment"]),
            below=self._language.amount(item["values"]["amount_ore"]),
        )

    def _local_floor_at_risk(self, item: Item, _: Named) -> str:
        return self._say(
            marked("Kommune og boligorganisation finansierer %(share)s (ekskl. fondsmidler); kravet er %(floor)s."),
            share=self._language.percent(item["values"]["local_share_pct"]),
            floor=self._language.percent(item["values"]["floor_pct"]),
        )

    def _consent_missing(self, item: Item, _: Named) -> str:
        text = marked("Boligområder, som planen er godkendt for, men som mangler at tiltræde: %(areas)s.")
        return self._say(text, areas=self._language.number(len(item["values"]["areas"])))

    def _commitment_unconfirmed(self, item: Item, named: Named) -> str:
        return self._say(
            marked("%(funder)s: Tilsagnet på %(amount)s er oplyst af et område og ikke bekræftet."),
            funder=called(named, "funders", item["values"]["commitment"]),
            amount=self._language.amount(item["values"]["amount_ore"]),
        )

    def _spending_off_pace(self, item: Item, _: Named) -> str:
        return self._say(
            marked("Pr. %(on)s er forbruget %(spent)s og den forløbne tid %(elapsed)s."),
            on=self._language.day(item["values"]["on"]),
            spent=self._language.percent(item["values"]["spent_pct"]),
            elapsed=self._language.percent(item["values"]["elapsed_pct"]),
        )

    def _statement_due(self, item: Item, _: Named) -> str:
        due, on = (self._language.day(item["values"].get(name)) for name in ("due", "returned_on"))
        text = marked("Årsopgørelsen for %(year)s er ikke indsendt; frist %(due)s.")
        if is_returned(item):
            text = marked("Årsopgørelsen for %(year)s blev returneret %(on)s; frist %(due)s.")
        told = self._say(text, year=item["values"]["year"], due=due, on=on)
        return self._with_reason(told, item["values"].get("remarks"))

    def _dead_letters(self, item: Item, _: Named) -> str:
        events = item["values"]["events"]
        told = self._language.ngettext(
            "%(events)s registrering venter på, at en operatør ser på den.",
            "%(events)s registreringer venter på, at en operatør ser på dem.",
            events,
        )
        return told % {"events": self._language.number(events)}

    def _messages_forged(self, item: Item, _: Named) -> str:
        return self._say(
            marked(
                "%(source)s: beskeder i strømmen var ikke kildens egne, senest %(last)s. Ingen af dem fik virkning."
            ),
            source=self.service(item["values"]["owner"]),
            last=self._language.day(item["values"]["last"]),
        )

    def _log_parted(self, item: Item, _: Named) -> str:
        values = item["values"]
        owner, follower = self.service(values["owner"]), self.service(values["follower"])
        ways = {
            "log_replaced": marked(
                "Kilden %(owner)s er lagt tilbage fra en sikkerhedskopi. %(follower)s læser ikke mere fra den."
            ),
            "log_shorter": marked(
                "Kilden %(owner)s slutter før det, %(follower)s allerede har læst. Der læses ikke mere fra den."
            ),
            "log_differs": marked(
                "Kilden %(owner)s er en anden end den, %(follower)s hidtil har læst. Der læses ikke mere fra den."
            ),
        }
        said = self._say(ways[values["way"]], owner=owner, follower=follower)
        way_out = self._say(marked("En operatør skal køre kommandoen »helhedsnet recover«."))
        return f"{said} {way_out}"

    def _ledger_differs(self, item: Item, _: Named) -> str:
        values = item["values"]
        plans = ", ".join(values["plans"])
        said = [self._say(marked("Beløbene for %(plans)s passer ikke med regnskabet."), plans=plans)]
        if values["others"]:
            told = self._language.ngettext(
                "Det samme gælder %(others)s anden plan.",
                "Det samme gælder %(others)s andre planer.",
                values["others"],
            )
            said.append(told % {"others": self._language.number(values["others"])})
        said.append(self._say(marked("En operatør skal se på det, før tallene bruges.")))
        return " ".join(said)

    def _release_late(self, item: Item, _: Named) -> str:
        month = self.month(item["values"]["month"])
        return self._say(marked("Tal om personer er ikke opgjort for %(month)s."), month=month)

    def _events_rejected(self, item: Item, _: Named) -> str:
        values = item["values"]
        counts = {name: self._language.number(values[name]) for name in ("events", "others")}
        last = self._language.day(values["last"])
        said = [self._say(marked("Afviste registreringer: %(events)s, senest %(last)s."), last=last, **counts)]
        for kind in values["kinds"]:
            what, why = self._said(REJECTED, kind["type"]), self._said(MESSAGES, kind["code"])
            said.append(f"{self._language.number(kind['events'])} \N{MULTIPLICATION SIGN} {what}: {why}")
        if values["others"]:
            said.append(self._say(marked("Og %(others)s af andre slags."), others=counts["others"]))
        return " ".join(said)


def concern_in(item: Item, named: Named, language: Code) -> str:
    """Say what needs attention in a sentence of a language, for files."""
    return Wording(languages()[language]).detail(item, named)
