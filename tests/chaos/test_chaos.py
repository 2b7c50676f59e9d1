"""The whole system under faults from a seed, as processes; and bugs planted in it, each of which must be noticed."""

from collections.abc import Sequence

import pytest

from tests.chaos import clocks, scenarios
from tests.chaos.checks import SETTLE_SECONDS
from tests.chaos.faults import FAULTS
from tests.chaos.poster import Poster
from tests.chaos.run import Disturb, Outcome, Wanted, run
from tests.chaos.world import World
from tests.support.extent import long_but_for

FEW_FAULTS = 4
# How long to wait for what never comes.
NEVER_SETTLES_SECONDS = 5


@pytest.mark.parametrize("faults", long_but_for([FEW_FAULTS, len(FAULTS)], [FEW_FAULTS]))
async def test_nothing_is_lost_or_doubled_whatever_fails(faults: int) -> None:
    """Faults of different kinds, in long one of each: all that was answered is there once."""
    outcome = await run(Wanted(seed=20, faults=faults, replicas=1))
    assert outcome.breaches == []
    assert outcome.findings.lost == outcome.findings.doubled == 0
    assert sum(outcome.faults.values()) == faults
    assert outcome.findings.events > 100


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_a_replica_that_does_not_come_back_is_a_breach_among_the_figures() -> None:
    """What cannot be checked any more is said, and the rest is checked and counted all the same."""

    async def disturb(world: World, _: Poster) -> None:
        await world.system.of("reporting")[0].kill()

    outcome = await _planted(disturb, settle_seconds=NEVER_SETTLES_SECONDS)
    assert any("not settled" in breach for breach in outcome.breaches)
    assert any("report of reporting-1 could not be checked" in breach for breach in outcome.breaches)
    assert outcome.findings.events >= outcome.promises.events > 0
    assert outcome.findings.lost == outcome.findings.doubled == 0


async def _planted(disturb: Disturb, *bugs: str, settle_seconds: float = SETTLE_SECONDS) -> Outcome:
    wanted = Wanted(seed=20, faults=0, replicas=1, planted=",".join(bugs) or None, settle_seconds=settle_seconds)
    return await run(wanted, disturb)


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_the_scenarios_do_no_harm_to_what_is_sound() -> None:
    """Without a bug, none of the faults that bring the bugs out is noticed."""

    async def disturb(world: World, poster: Poster) -> None:
        for scenario in (
            scenarios.under_load,
            scenarios.consumer_killed,
            scenarios.relay_killed,
            scenarios.first_start_late,
            scenarios.forged,
            scenarios.redis_failed_over,
            scenarios.postgresql_failed_over,
            scenarios.no_connections,
            scenarios.clock_ahead,
        ):
            await scenario(world, poster)

    assert (await _planted(disturb)).breaches == []


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
@pytest.mark.parametrize(
    ("bug", "disturb", "said"),
    [
        ("acknowledge-before-commit", scenarios.under_load, "acknowledged what it had not committed"),
        ("position-before-publishing", scenarios.under_load, "saved a position that it had not published"),
        ("group-at-the-end", scenarios.first_start_late, "acknowledged what it had not committed"),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value else "",
)
async def test_a_bug_of_the_courier_is_noticed_though_the_log_mends_it(bug: str, disturb: Disturb, said: str) -> None:
    """Each breaks a rule that is watched. None loses anything, since the log is the record."""
    outcome = await _planted(disturb, bug)
    assert any(said in breach for breach in outcome.seen.breaches)
    assert outcome.findings.breaches == []


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_a_position_outside_the_transaction_of_the_effects_is_noticed() -> None:
    """It loses what was noted and not applied when the process was killed, and a clean rebuild shows it."""
    outcome = await _planted(scenarios.consumer_killed, "position-outside-the-transaction")
    assert any("a clean rebuild" in breach for breach in outcome.findings.breaches)


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_a_consumer_that_believes_what_was_forged_is_noticed() -> None:
    """It counts no forgery, and applies what no owner said: a clean rebuild knows nothing of it."""
    outcome = await _planted(scenarios.at_rest, "signatures-never-verified")
    assert any("was not noticed by" in breach for breach in outcome.findings.breaches)
    assert any("a clean rebuild" in breach for breach in outcome.findings.breaches)


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
@pytest.mark.parametrize(
    ("bugs", "disturb"),
    [
        (["position-before-publishing"], scenarios.relay_killed),
        (["group-at-the-end"], scenarios.first_start_late),
        ([], scenarios.redis_failed_over),
    ],
    ids=["position-before-publishing", "group-at-the-end", "redis-failed-over"],
)
async def test_the_courier_s_bugs_lose_events_where_the_log_is_never_asked(
    bugs: Sequence[str], disturb: Disturb
) -> None:
    """What the rules protect: without the log behind the stream, these bugs leave a consumer behind for good."""
    outcome = await _planted(disturb, *bugs, "log-never-asked", settle_seconds=NEVER_SETTLES_SECONDS)
    assert any("not settled" in breach for breach in outcome.findings.breaches)


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_a_commit_that_no_standby_has_is_noticed_where_it_was_answered() -> None:
    """The leader is lost with it, so that the log of the new one lacks what was promised."""
    outcome = await _planted(
        scenarios.postgresql_failed_over, "commits-not-awaited", settle_seconds=NEVER_SETTLES_SECONDS
    )
    assert outcome.findings.lost > 0
    assert any("its log has it at" in breach for breach in outcome.findings.breaches)


@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_whoever_takes_a_shortage_of_connections_for_a_fault_is_noticed() -> None:
    """It answers that something is wrong with it, rather than when to come back."""
    outcome = await _planted(scenarios.no_connections, "shortage-is-no-outage", settle_seconds=NEVER_SETTLES_SECONDS)
    assert any("take all connections" in breach for breach in outcome.findings.breaches)


@pytest.mark.skipif(clocks.why_not() is not None, reason=clocks.why_not() or "")
@pytest.mark.long(beside="test_nothing_is_lost_or_doubled_whatever_fails")
async def test_whoever_waits_for_an_hour_that_a_wrong_clock_named_is_noticed() -> None:
    """Its clock was hours ahead when it decided when to try again, and was put right."""
    outcome = await _planted(scenarios.clock_ahead, "waits-by-the-wall-clock", settle_seconds=NEVER_SETTLES_SECONDS)
    assert any("not settled" in breach for breach in outcome.findings.breaches)
