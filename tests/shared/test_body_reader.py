"""Small events that come at once are read together, and each sender is told of its own alone."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import orjson
import pytest

from shared.backbone.body_reader import BodyReader
from shared.errors import BadRequest, Fault
from shared.events.catalogue import CATALOGUES, MAX_FAULTS, Catalogue, Looked, Posted, Reading
from shared.tokens import Identity
from tests.support.builders import an_area, an_attendance, body, person

ADMIN = Identity("admin")
COORDINATOR = Identity("coordinator", frozenset({"urbanplanen"}))
Told = tuple[list[Posted], list[Fault]] | BaseException


@pytest.fixture
async def reader() -> AsyncIterator[BodyReader]:
    """A reader of the registry's events."""
    made = BodyReader(CATALOGUES["registry"])
    yield made
    made.close()


async def _read(reader: BodyReader, *sent: tuple[bytes, Identity]) -> Sequence[Told]:
    """Read several requests that come in one turn of the event loop."""
    told: list[Told] = await asyncio.gather(
        *(reader.read(each, sender, MAX_FAULTS, "somebody") for each, sender in sent), return_exceptions=True
    )
    return told


def _plainly(told: Told) -> tuple[object, ...]:
    if isinstance(told, BaseException):
        return type(told), getattr(told, "code", "")
    posted, faults = told
    return [(each.index, each.body, each.digest) for each in posted], faults


SENT = (
    (body(an_area("one")), ADMIN),
    (body(an_area("two") | {"id": "mail til kim@example.org"}), ADMIN),
    (body(an_attendance(participants=[person("one"), person("two")])), COORDINATOR),
    (body(an_attendance(area="gellerupparken")), COORDINATOR),
    (body(an_attendance() | {"id": f"om-{person('one')}"}), COORDINATOR),
    (body(an_area("three"))[:-1] + b',"id":"twice"}', ADMIN),
)
WRONG = (
    (body(an_area(residents="many")), ADMIN),
    (b'{"a":1},{"b":2}', ADMIN),
    (b'{"a":NaN}', ADMIN),
)


@pytest.mark.parametrize("wrong", [(), *((each,) for each in WRONG), WRONG], ids=len)
async def test_each_is_told_what_it_is_told_alone(
    reader: BodyReader, wrong: tuple[tuple[bytes, Identity], ...]
) -> None:
    """Whoever comes beside it: events, faults with their order, and what cannot be read at all."""
    alone = [_plainly(told) for each in (*SENT, *wrong) for told in await _read(reader, each)]
    together = await _read(reader, *SENT, *wrong)
    assert list(map(_plainly, together)) == alone
    codes = [[fault.code for fault in told[1]] for told in together if not isinstance(told, BaseException)]
    assert codes[: len(SENT)] == [[], ["email_address"], [], ["foreign_area"], ["pseudonym_stray"], ["field_repeated"]]


async def test_what_comes_at_once_is_looked_at_once(reader: BodyReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what breaks there leaves each to be read by itself; who went away meanwhile keeps nobody else."""
    looked: list[int] = []
    look_at = Catalogue.look_at

    def noted(catalogue: Catalogue, readings: Sequence[Reading]) -> Looked | None:
        looked.append(len(readings))
        if len(looked) > 1:
            raise RuntimeError
        return look_at(catalogue, readings)

    monkeypatch.setattr(Catalogue, "look_at", noted)
    sent = [(body(an_area(f"area-{number}")), ADMIN) for number in range(3)]
    for _ in range(2):
        gone = asyncio.create_task(reader.read(sent[0][0], ADMIN, MAX_FAULTS, "gone"))
        asyncio.get_running_loop().call_soon(gone.cancel)
        told = await _read(reader, *sent)
        assert [len(each[0]) for each in told if not isinstance(each, BaseException)] == [1, 1, 1]
        assert gone.cancelled()
    assert looked == [4, 4]


async def test_a_body_that_is_two_values_is_no_two_events(reader: BodyReader) -> None:
    """What is read together was parted before."""
    two = b",".join([body(an_area("one")), body(an_area("two"))])
    good, bad = await _read(reader, (body(an_area("three")), ADMIN), (two, ADMIN))
    assert isinstance(bad, BadRequest)
    assert not isinstance(good, BaseException)
    assert orjson.loads(good[0][0].body)["data"]["area"] == "three"
