"""Who is shown which page, and whose form is taken: every route of the site by every reader, in both languages.

The routes are those of the site itself. One that the table does not know is a failure, and so is a line of the table
that no route has.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest

from services.access.service import Access
from services.reporting.web.visitor import COOKIE
from shared.http.state import state_in
from shared.tokens import LONGEST_TOKEN, Identity
from tests.conftest import MakeDatabase
from tests.support.asking import READERS, asked, tell_story
from tests.support.keyring import Keyring
from tests.support.routes import HOLES, line_of, routes_of
from tests.support.signing_in import Hosts
from tests.support.whole import SERVICES, whole

# Signing in and out, the choice of light or dark, what a secret of its own opens, and files that hold no figure.
FOR_ALL: Final = re.compile(
    r"(/en)?/(sign-in|sign-in/with/\{provider\}|sign-out|theme|subscriptions/confirm|subscriptions/stop|offline|"
    r"manifest\.webmanifest)|/calendar\.ics|/service-worker\.js|/sign-in/return|/static/.*|/charts/\{script\}\.js"
)
EVERYBODY: Final = "oflua"
COORDINATORS: Final = "of"
# By the letters of the readers, for the Danish address; the English one is the same.
PAGES: Final[Mapping[str, str]] = {
    **{
        f"GET /{what}": EVERYBODY
        for what in (
            *("", "answers", "areas/{area}", "plans/{plan}", "activities/{activity}", "change", "feed", "feed/stream"),
            *("inspiration", "method", "monday", "money", "people", "pseudonyms", "published", "published/{number}"),
            *("status", "staying", "figures", "figures.csv", "figures.xlsx", "figures.zip"),
            *(
                "figures/chart.json",
                "figures/chart.svg",
                "figures/chart.png",
                "charts/{name}.json",
                "charts/{name}.svg",
            ),
            "charts/{name}.png",
        )
    },
    **{
        f"GET /reports/{what}.{suffix}": EVERYBODY
        for what in ("network", "answers", "areas/{area}", "plans/{plan}")
        for suffix in ("csv", "xlsx", "pdf")
    },
    # A plan's accounts are of those who have a part in them; the paper is asked for with a year that is none.
    "GET /plans/{plan}/statements/{year}": "olua",
    **{f"GET /reports/plans/{{plan}}/statements/{{year}}.{suffix}": "olua" for suffix in ("csv", "xlsx")},
    "GET /reports/plans/{plan}/statements/{year}.pdf": EVERYBODY,
    # The events behind a figure of the money of all plans.
    **{f"GET /ground{suffix}": "olua" for suffix in ("", ".csv", ".xlsx")},
    **{f"GET /{what}": COORDINATORS for what in ("own-area", "series")},
    # What is held of a person is asked for by whoever has people of their own.
    "POST /people": COORDINATORS,
    # Of an activity of the own area.
    "GET /roster": "o",
    "GET /offline/rosters": COORDINATORS,
    # A body that is none is told to whoever sends it; of a session, only the own area's is taken.
    "POST /offline/sessions": EVERYBODY,
    "POST /roster": "o",
    "POST /series": "",
    **dict.fromkeys(("GET /register", "GET /register/{name}", "POST /register/{name}"), f"{COORDINATORS}a"),
    **dict.fromkeys(("GET /context-figures", "POST /context-figures"), f"{COORDINATORS}a"),
    "GET /subscriptions": EVERYBODY,
    **{f"POST /subscriptions/{what}": EVERYBODY for what in ("mail", "mail/stop", "calendar", "calendar/stop")},
    "GET /releases": "la",
    "POST /releases": "la",
    # Only the demo lets a lead look as somebody else.
    "POST /switch": "",
    "GET /log": "ua",
    "GET /administration": "a",
    **{f"POST /administration/{what}": "a" for what in ("end", "invitations", "keys")},
}
PEOPLE: Final = {letter: rights for letter, rights in READERS.items() if rights[0] != "service"}


def _address(path: str) -> str:
    """Give what is asked for: of a form the name of an event, of a roster an activity and a day."""
    asked_for = f"{path}?activity={HOLES['activity']}&date=2025-09-15" if path.endswith("/roster") else path
    return asked_for.replace("register/{name}", "register/activity.planned")


def _in_danish(line: str) -> str:
    method, _, path = line.partition(" ")
    return f"{method} {re.sub('^/en(?=/|$)', '', path) or '/'}"


@pytest.mark.timeout(1_200)
async def test_each_page_is_shown_to_those_of_the_table_alone(
    make_database: MakeDatabase, surroundings: dict[str, Any], keyring: Keyring
) -> None:
    """By role and area, for a session that is good; without one, and by a token in its place, nothing is shown.

    A form that no page of ours sent is taken of nobody.
    """
    for service in SERVICES:
        await make_database(service)
    wrong: list[str] = []
    async with whole(surroundings) as (client, apps):
        here = {"origin": str(client.base_url).rstrip("/")}
        admin = keyring.issue(Identity("admin"), valid_for=LONGEST_TOKEN)
        await tell_story(client, {"authorization": f"Bearer {admin}"})
        access = state_in(apps["access"])
        hosts = Hosts(access.part(Access), access.pool, str(client.base_url))
        readers = {
            letter: {**here, "cookie": f"{COOKIE}={await hosts.session(Identity(role, frozenset(areas)))}"}
            for letter, (role, areas) in PEOPLE.items()
        }
        nobody = [{**here, "cookie": f"{COOKIE}={cookie}"} for cookie in ("", admin, "k-1.secret")]
        nobody.append({**here, "authorization": f"Bearer {admin}"})
        routes = [route for route in routes_of(apps[""]) if not FOR_ALL.fullmatch(route[1])]
        assert {_in_danish(line_of(*route)) for route in routes} == PAGES.keys()
        for method, path in routes:
            entitled = PAGES[_in_danish(line_of(method, path))]
            address = _address(path)
            found = {letter: await asked(client, method, address, headers) for letter, headers in readers.items()}
            let_in = "".join(letter for letter, status in found.items() if status not in {401, 403})
            if set(let_in) != set(entitled):
                wrong.append(f"{method} {path}: {let_in} instead of {entitled}: {found}")
            statuses = {await asked(client, method, address, headers) for headers in nobody}
            if statuses != {httpx.codes.UNAUTHORIZED}:
                wrong.append(f"{method} {path} to nobody: {statuses}")
            if method == "POST":
                wrong += await _taken_from_elsewhere(client, address, readers)
        for path in ("/sign-in", "/sign-out", "/theme", "/en/sign-in", "/en/sign-out", "/en/theme"):
            wrong += await _taken_from_elsewhere(client, path, readers)
    assert not wrong, "\n".join(wrong)


# What browsers say of where a form comes from that is not ours; the last one says nothing.
ELSEWHERE: Final[tuple[Mapping[str, str], ...]] = (
    {"origin": "https://elsewhere.test"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://[", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {},
)


async def _taken_from_elsewhere(
    client: httpx.AsyncClient, path: str, readers: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Send a form as other sites can have a browser send it, in the name of each reader."""
    taken = []
    for letter, headers in readers.items():
        for said in ELSEWHERE:
            status = await asked(client, "POST", path, {"cookie": headers["cookie"], **said})
            if status != httpx.codes.FORBIDDEN:
                taken.append(f"POST {path} of {letter} from elsewhere, {said}: {status}")
    return taken
