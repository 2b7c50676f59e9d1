"""What claims mean: the first rule that holds gives the role, all of that role the areas, and nothing else anything."""

import contextlib
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.access.providers.configuration import Provider, Rule
from services.access.providers.rights import name_of, rights_of
from shared.errors import SignInRefused
from shared.tokens import MAX_AREAS, Identity

RULES: Final = (
    {"claim": "roles", "value": "admin", "role": "admin"},
    {"claim": "roles", "value": "koordinator:{area}", "role": "coordinator"},
    {
        "claim": "realm_access.roles",
        "value": "leder-af-alt",
        "role": "coordinator",
        "areas": ["ryparken", "urbanplanen"],
    },
    {"claim": "https://helhedsnet.dk/rolle", "value": "koordinator", "role": "coordinator", "areas_claim": "omraader"},
    {"claim": "roles", "value": "netvaerk", "role": "lead"},
    {"claim": "revisor", "role": "auditor"},
)


def provider(*rules: dict[str, Any], **more: Any) -> Provider:
    """Give a provider with rules."""
    return Provider(
        name="test",
        label_da="Test",
        label_en="Test",
        issuer="https://login.example.dk",
        client_id="helhedsnet",
        rules=tuple(Rule(**rule) for rule in rules or RULES),
        **more,
    )


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"roles": ["netvaerk"]}, Identity("lead")),
        ({"roles": "netvaerk"}, Identity("lead")),
        ({"revisor": "ja"}, Identity("auditor")),
        ({"roles": ["netvaerk", "admin"]}, Identity("admin")),
        ({"roles": ["koordinator:urbanplanen"]}, Identity("coordinator", frozenset({"urbanplanen"}))),
        (
            {"roles": ["koordinator:gellerupparken", "netvaerk"], "realm_access": {"roles": ["leder-af-alt"]}},
            Identity("coordinator", frozenset({"gellerupparken", "ryparken", "urbanplanen"})),
        ),
        (
            {"https://helhedsnet.dk/rolle": "koordinator", "omraader": ["Urban Planen", "ryparken", "Ikke et område"]},
            Identity("coordinator", frozenset({"urbanplanen", "ryparken"})),
        ),
    ],
)
def test_claims_give_a_role_and_areas(claims: dict[str, Any], expected: Identity) -> None:
    """From a list, a text, a claim inside another, a claim named by an address, a value that names the area."""
    assert rights_of(provider(area_names={"Urban Planen": "urbanplanen"}), claims) == expected


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({}, "no_role"),
        ({"roles": []}, "no_role"),
        ({"roles": ["Admin"]}, "no_role"),
        ({"roles": ["administrator", "xadmin"]}, "no_role"),
        ({"roles": {"admin": True}}, "no_role"),
        ({"roles": [["admin"], 1, None]}, "no_role"),
        ({"roles": ["koordinator:"]}, "no_role"),
        ({"revisor": ""}, "no_role"),
        ({"realm_access": "leder-af-alt"}, "no_role"),
        ({"roles": ["koordinator:*"]}, "no_area"),
        ({"roles": ["koordinator:/network"]}, "no_area"),
        ({"https://helhedsnet.dk/rolle": "koordinator"}, "no_area"),
        ({"https://helhedsnet.dk/rolle": "koordinator", "omraader": {"urbanplanen": 1}}, "no_area"),
    ],
)
def test_claims_that_say_nothing_of_ours_let_nobody_in(claims: dict[str, Any], code: str) -> None:
    """Nothing is guessed, whatever shape a claim has."""
    with pytest.raises(SignInRefused) as refused:
        rights_of(provider(), claims)
    assert refused.value.code == code


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["netvaerk", "koordinator:a"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["roles", "a", "b"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["roles", "realm_access", "omraader", "revisor"]), JSON))
def test_no_claims_break_the_mapping_or_give_what_no_rule_says(claims: dict[str, Any]) -> None:
    """A role of the table, areas of a coordinator alone, or a refusal."""
    found = None
    with contextlib.suppress(SignInRefused):
        found = rights_of(provider(), claims)
    if found is not None:
        assert found.role in {"coordinator", "lead", "auditor"}
        assert bool(found.areas) is (found.role == "coordinator")


def test_areas_are_bounded() -> None:
    """A claim of any length gives no more than an identity may hold."""
    found = rights_of(provider(), {"roles": [f"koordinator:a-{number}" for number in range(4_000)]})
    assert len(found.areas) == MAX_AREAS


def test_a_name_is_the_providers_or_the_number_there() -> None:
    """It is for the page of who may sign in, and bounded."""
    assert name_of(provider(), {"sub": "7", "name": "Ada"}) == "Ada"
    assert name_of(provider(), {"sub": "7", "name": 3}) == "7"
    assert len(name_of(provider(), {"sub": "7", "name": "x" * 900})) == 200
    hostile = name_of(provider(), {"sub": "7", "name": "Eva\n\x00\x1b[31m\ud800\u202e Ada"})
    assert hostile == "Eva \ufffd\ufffd[31m\ufffd Ada", "one line, which every database and terminal takes"
    assert name_of(provider(), {"sub": "7", "name": " \n "}) == "7"
