"""The routes of access: the public keys, tokens and sessions; for administrators also people, invitations and keys."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from services.access import schemas, store
from services.access.service import Access
from services.access.sign_ins import SignIns
from shared import keys
from shared.database import Connection
from shared.errors import BadRequest, Unauthenticated
from shared.http.authentication import only
from shared.http.forms import FormFields, Short
from shared.http.reading import NO_NUL
from shared.http.state import part_of
from shared.tokens import SUBJECT, Identity, SenderKind

BASIC: Final = "basic"
GRANT: Final = "client_credentials"
# What a token says of its sender that the command has signed: neither a person who signed in nor a program with a key.
BY_COMMAND: Final[SenderKind] = "unknown"
FARTHEST: Final = 2**63 - 1

router = APIRouter(tags=["access"], route_class=Short)
Operator = Annotated[Identity, Depends(only("admin"))]
Named = Annotated[str, Path(max_length=63, pattern=NO_NUL)]


@router.get("/jwks", summary="The public keys of the issuer of tokens")
async def get_jwks(request: Request) -> dict[str, Any]:
    """Give the keys with which tokens are verified, as a set (RFC 7517)."""
    return keys.public_set(part_of(request, Access).public_keys())


@router.post("/token", summary="A token for a program's key")
async def post_token(request: Request, response: Response, fields: FormFields) -> schemas.AccessToken:
    """Give a token of half a minute for a key: `grant_type=client_credentials`, with the key as RFC 6749 has it."""
    if fields.get("grant_type") != GRANT:
        raise BadRequest("unsupported_grant_type", f"the grant type here is {GRANT}")
    name, secret = _client(request, fields)
    if not SUBJECT.fullmatch(name):
        raise Unauthenticated("this key is good no more")
    made = await part_of(request, Access).token_of_key(name, secret)
    response.headers["Cache-Control"] = "no-store"
    return schemas.AccessToken(access_token=made.token, expires_in=made.expires_in_seconds)


@router.post("/sessions", summary="Take an invitation", status_code=201)
async def post_session(request: Request, taking: schemas.Taking) -> schemas.OpenedSession:
    """Sign in the holder of an invitation, once."""
    made = await part_of(request, Access).take(taking.invitation)
    return schemas.OpenedSession(session=made.secret, expires=made.expires)


@router.get("/providers", summary="Through whom people sign in")
async def get_providers(request: Request) -> schemas.WaysIn:
    """List the providers of identities."""
    found = part_of(request, SignIns).providers()
    ways = [schemas.WayIn(provider=each.name, label_da=each.label_da, label_en=each.label_en) for each in found]
    return schemas.WaysIn(items=ways)


@router.post("/sign-ins", summary="Begin to sign in with a provider", status_code=201)
async def post_sign_in(request: Request, asked: schemas.Beginning) -> schemas.BegunSignIn:
    """Give where a person signs in."""
    begun = await part_of(request, SignIns).begin(asked.provider, asked.address, asked.language)
    return schemas.BegunSignIn(address=begun[0], browser=begun[1])


@router.post("/sign-ins/return", summary="Sign in whom a provider sent back", status_code=201)
async def post_return(request: Request, back: schemas.Returning) -> schemas.OpenedSession:
    """Give a session for whom a provider sent back, once."""
    made = await part_of(request, SignIns).finish(back.browser, back.state, back.code, back.iss, back.error)
    return schemas.OpenedSession(session=made.secret, expires=made.expires)


@router.post("/sessions/token", summary="A token for a session")
async def post_session_token(request: Request, holding: schemas.Holding) -> schemas.SessionToken:
    """Give a token of half a minute for a session that is good."""
    made = await part_of(request, Access).token_of_session(holding.session)
    return schemas.SessionToken(
        access_token=made.token, expires_in=made.expires_in_seconds, session_expires=made.good_until
    )


@router.post("/sessions/end", summary="Sign out", status_code=204)
async def post_session_end(request: Request, holding: schemas.Holding) -> None:
    """End a session, wherever else it may be held."""
    await part_of(request, Access).end_own(holding.session)


@router.post("/subscriptions", summary="Subscribe in the name of a session's person", status_code=201)
async def post_subscription(request: Request, holding: schemas.Holding) -> schemas.MadeSubscription:
    """Give the secret that tells which rights the person has later on; it buys no token."""
    made = await part_of(request, Access).subscribe(holding.session)
    return schemas.MadeSubscription(subscription=made)


@router.post("/subscriptions/rights", summary="Which rights a subscriber has now")
async def post_subscription_rights(request: Request, subscribed: schemas.Subscribed) -> schemas.RightsNow:
    """Give the role and areas of the person whose subscription it is, who need not be signed in."""
    found = await part_of(request, Access).rights_now(subscribed.subscription)
    return schemas.RightsNow(subject=found.subject, role=found.role, areas=sorted(found.areas))


@router.post("/subscriptions/end", summary="End a subscription", status_code=204)
async def post_subscription_end(request: Request, subscribed: schemas.Subscribed) -> None:
    """Forget a subscription, whether or not it is there."""
    await part_of(request, Access).unsubscribe(subscribed.subscription)


@router.post("/invitations", summary="Invite a person", status_code=201)
async def post_invitation(request: Request, sender: Operator, asked: schemas.NewInvitation) -> schemas.MadeInvitation:
    """Let a person in who has no provider of identities; the secret is told this once."""
    access = part_of(request, Access)
    made = await access.invite(asked.name, asked.identity, sender.subject, timedelta(minutes=asked.minutes))
    return schemas.MadeInvitation(invitation=made.name, secret=made.secret, expires=made.expires)


@router.post("/keys", summary="Make a key for a program", status_code=201)
async def post_key(request: Request, sender: Operator, asked: schemas.NewKey) -> schemas.MadeKey:
    """Make a key; its secret is told this once."""
    access = part_of(request, Access)
    made = await access.make_key(asked.name, asked.identity, sender.subject, timedelta(days=asked.days))
    return schemas.MadeKey(key=made.name, secret=made.secret, expires=made.expires)


@router.get("/people", summary="Who may sign in")
async def get_people(request: Request, _: Operator) -> schemas.Listed:
    """List the people, invited or known by a provider."""
    return await _listed(request, store.people)


@router.get("/invitations", summary="Invitations")
async def get_invitations(request: Request, _: Operator) -> schemas.Listed:
    """List the invitations, and whether they were taken."""
    return await _listed(request, store.invitations)


@router.get("/sessions", summary="Who is signed in")
async def get_sessions(request: Request, _: Operator) -> schemas.Listed:
    """List the sessions."""
    return await _listed(request, store.sessions)


@router.get("/keys", summary="Keys of programs")
async def get_keys(request: Request, _: Operator) -> schemas.Listed:
    """List the keys, and when each was used last."""
    return await _listed(request, store.program_keys)


@router.get("/colleagues", summary="Who else speaks for the own areas")
async def get_colleagues(request: Request, sender: Annotated[Identity, Depends(only("coordinator"))]) -> schemas.Listed:
    """List what the coordinators and programs of the sender's own areas are called, by the opaque names of the logs."""
    return await _listed(request, lambda connection: store.colleagues(connection, sorted(sender.areas)))


@router.get("/changes", summary="Who changed whose access")
async def get_changes(
    request: Request,
    _: Annotated[Identity, Depends(only("auditor", "admin"))],
    before: Annotated[int, Query(ge=1, le=FARTHEST, description="The number to go back from.")] = FARTHEST,
    limit: Annotated[int, Query(ge=1, le=store.LISTED)] = 100,
) -> schemas.Listed:
    """List who made, changed and ended whose access, the newest first, by opaque names; never a secret."""
    return await _listed(request, lambda connection: store.changes(connection, before, limit))


@router.delete("/people/{name}", summary="Let a person in no more", status_code=204)
async def delete_person(request: Request, sender: Operator, name: Named) -> None:
    """End a person with all sessions and invitations: within a minute no service takes them.

    The last administrator is ended by the command alone: whoever holds the issuer's keys can let the next one in.
    """
    may_be_last = sender.kind == BY_COMMAND
    await part_of(request, Access).end_person(name, sender.subject, may_be_last=may_be_last)


@router.delete("/invitations/{name}", summary="Withdraw an invitation", status_code=204)
async def delete_invitation(request: Request, sender: Operator, name: Named) -> None:
    """Withdraw an invitation that nobody has taken."""
    await part_of(request, Access).end("invitation", name, sender.subject)


@router.delete("/sessions/{name}", summary="End a session", status_code=204)
async def delete_session(request: Request, sender: Operator, name: Named) -> None:
    """End a session: within a minute no service takes it."""
    await part_of(request, Access).end("session", name, sender.subject)


@router.delete("/keys/{name}", summary="Revoke a key", status_code=204)
async def delete_key(request: Request, sender: Operator, name: Named) -> None:
    """Revoke a key: within a minute no service takes its tokens."""
    await part_of(request, Access).end("program_key", name, sender.subject)


async def _listed(request: Request, read: Callable[[Connection], Awaitable[list[store.Row]]]) -> schemas.Listed:
    return schemas.Listed(items=await part_of(request, Access).listed(read))


def _client(request: Request, fields: dict[str, str]) -> tuple[str, str]:
    """Give the key that a request carries, in its header or its fields. Source: RFC 6749, section 2.3.1.

    Raises:
        Unauthenticated: there is none.
    """
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == BASIC:
        try:
            name, _, secret = base64.b64decode(told, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise Unauthenticated("the key is not written as it should be") from None
        return unquote_plus(name), unquote_plus(secret)
    if "client_id" not in fields:
        raise Unauthenticated("send a key's name and secret")
    return fields["client_id"], fields.get("client_secret", "")
