"""What each machine runs beside the services: etcd, Patroni with its PostgreSQL, Redis and a Sentinel."""

import asyncio
import contextlib
import os
import pwd
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import psutil
import redis.asyncio
from redis.exceptions import RedisError

from services import embedded
from tests.chaos.servers import family_of, kill_all, postmaster
from tests.ha.machines import Machine
from tests.support.running import ROOT
from tests.support.standby import programs

# Where `make ha` installs what this alone needs.
INSTALLED: Final = Path(sys.prefix) / "ha"
POSTGRESQL_PORT: Final = 5432
PATRONI_PORT: Final = 8008
ETCD_PORT: Final = 2379
ETCD_PEER_PORT: Final = 2380
REDIS_PORT: Final = 6379
SENTINEL_PORT: Final = 26379
MASTER: Final = "mymaster"
# Of three, so many have to agree that one is lost.
QUORUM: Final = 2
SENTINEL_DOWN_MS: Final = 2_000
SENTINEL_FAILOVER_MS: Final = 6_000
LOOP_SECONDS: Final = 1
RETRY_SECONDS: Final = 3
# The account that PostgreSQL believes to run as, which refuses root; files stay whose they are.
ACCOUNT: Final = "daemon"
ASK_SECONDS: Final = 2
POLL_SECONDS: Final = 0.1
# Nobody else is in the network of a run.
NOBODY_ELSE: Final = "0.0.0.0/0"
PROGRAMS: Final = ("etcd", "patroni", "postgresql", "redis", "sentinel")


def why_not() -> str | None:
    """Tell what is missing here, and what to do about it; None where nothing is."""
    if not (INSTALLED / "bin" / "patroni").exists():
        return f"Patroni is not installed in {INSTALLED}: say `make ha`"
    if _etcd() is None:
        return "there is no etcd: say `make ha`, or install etcd-server"
    return None


def _etcd() -> str | None:
    return shutil.which("etcd", path=os.pathsep.join([str(INSTALLED / "bin"), os.environ.get("PATH", "")]))


class Servers:
    """The servers of all machines, as one PostgreSQL and one Redis that move."""

    def __init__(self, machines: Sequence[Machine], lease_seconds: int) -> None:
        self._machines = machines
        self._lease_seconds = lease_seconds
        hosts = [machine.host for machine in machines]
        self.database_url = f"postgresql://postgres@{_listed(hosts, POSTGRESQL_PORT)}/postgres"
        self.redis_url = f"redis+sentinel://{_listed(hosts, SENTINEL_PORT)}/{MASTER}"
        sentinels: Any = redis.asyncio.Sentinel
        self._sentinels: Any = sentinels(
            [(host, SENTINEL_PORT) for host in hosts], socket_timeout=ASK_SECONDS, socket_connect_timeout=1
        )
        self.client = self._sentinels.master_for(MASTER, socket_timeout=5, socket_connect_timeout=1)

    async def stop(self) -> None:
        """Kill what still runs, whoever had started it, and ask nobody any more."""
        for machine in self._machines:
            await self.kill(machine, *PROGRAMS)
        await self.client.aclose()
        for sentinel in self._sentinels.sentinels:
            await sentinel.aclose()

    def start(self, machine: Machine) -> None:
        """Start all servers of a machine that do not run."""
        self._start_etcd(machine)
        self._start_patroni(machine)
        self._start_redis(machine)

    async def kill(self, machine: Machine, *names: str) -> None:
        """Kill servers of a machine at once."""
        for name in names:
            if name == "postgresql":
                await asyncio.to_thread(_kill_postgresql, machine.folder / "postgresql")
            else:
                await asyncio.to_thread(machine.kill, name)

    async def leader(self) -> Machine | None:
        """Give the machine whose PostgreSQL holds the lease and says that it is the leader."""
        asked = [_answers(f"http://{machine.host}:{PATRONI_PORT}/primary") for machine in self._machines]
        leads = await asyncio.gather(*asked)
        # One that is parted may not know yet that it was.
        return next((machine for machine, does in zip(self._machines, leads, strict=True) if does), None)

    async def redis_master(self) -> Machine | None:
        """Give the machine whose Redis the Sentinels call the master."""
        with contextlib.suppress(RedisError, OSError):
            host, _ = await self._sentinels.discover_master(MASTER)
            return next(machine for machine in self._machines if machine.host == host)
        return None

    async def missing(self) -> list[str]:
        """Tell what keeps the servers from being whole: all there, and each following whoever leads."""
        missing: list[str] = []
        members = (await self._members()) or []
        if len([member for member in members if member["state"] in {"running", "streaming"}]) < len(self._machines):
            missing.append(f"of PostgreSQL: {[(member['name'], member['state']) for member in members]}")
        if len([member for member in members if "standby" in member["role"]]) < len(self._machines) - 1:
            missing.append(f"of the standbys: {[(member['name'], member['role']) for member in members]}")
        with contextlib.suppress(RedisError, OSError):
            replication = await self.client.info("replication")
            if replication["connected_slaves"] == len(self._machines) - 1:
                return missing
        return [*missing, "of Redis"]

    async def _members(self) -> list[dict[str, Any]] | None:
        async with httpx.AsyncClient(timeout=ASK_SECONDS) as client:
            for machine in self._machines:
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.get(f"http://{machine.host}:{PATRONI_PORT}/cluster")
                    members: list[dict[str, Any]] = answer.json()["members"]
                    return members
        return None

    def _start_etcd(self, machine: Machine) -> None:
        program = _etcd()
        assert program is not None
        peers = ",".join(f"{each.name}=http://{each.host}:{ETCD_PEER_PORT}" for each in self._machines)
        peer, client = f"http://{machine.host}:{ETCD_PEER_PORT}", f"http://{machine.host}:{ETCD_PORT}"
        said = {
            "name": machine.name,
            "data-dir": str(machine.folder / "etcd"),
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "listen-client-urls": client,
            "advertise-client-urls": client,
            "initial-cluster": peers,
            "log-level": "error",
        }
        # What was given to the kernel outlives a killed process.
        machine.run("etcd", program, *(f"--{name}={value}" for name, value in said.items()), "--unsafe-no-fsync")

    def _start_patroni(self, machine: Machine) -> None:
        path = machine.folder / "patroni.json"
        path.write_bytes(orjson.dumps(self._patroni(machine)))
        as_account: list[str] = []
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            as_account = ["unshare", "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}"]
        python = str(INSTALLED / "bin" / "python")
        machine.run("patroni", *as_account, python, str(ROOT / "tests" / "ha" / "short_lease.py"), str(path))

    def _patroni(self, machine: Machine) -> dict[str, Any]:
        """Give the configuration of Patroni: each commit is on two machines before it is answered."""
        here = machine.host
        return {
            "scope": "helhedsnet",
            "name": machine.name,
            "restapi": {"listen": f"{here}:{PATRONI_PORT}", "connect_address": f"{here}:{PATRONI_PORT}"},
            "etcd3": {"hosts": [f"{each.host}:{ETCD_PORT}" for each in self._machines]},
            "bootstrap": {
                "dcs": {
                    "ttl": self._lease_seconds,
                    "loop_wait": LOOP_SECONDS,
                    "retry_timeout": RETRY_SECONDS,
                    # One that crashed is not waited for.
                    "primary_start_timeout": 0,
                    "synchronous_mode": "quorum",
                    "synchronous_mode_strict": True,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True},
                },
                "initdb": [{"encoding": "UTF8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"{here}:{POSTGRESQL_PORT}",
                "connect_address": f"{here}:{POSTGRESQL_PORT}",
                "data_dir": str(machine.folder / "postgresql"),
                "bin_dir": str(programs()),
                "pgpass": str(machine.folder / "pgpass"),
                "authentication": {name: {"username": "postgres"} for name in ("superuser", "replication", "rewind")},
                "parameters": {"unix_socket_directories": "", "max_connections": 200, "fsync": "off"},
                "pg_hba": [f"host {what} all {NOBODY_ELSE} trust" for what in ("all", "replication")],
                "basebackup": [{"checkpoint": "fast"}],
            },
        }

    def _start_redis(self, machine: Machine) -> None:
        first = self._machines[0]
        redis_lines = ['save ""', "repl-diskless-sync-delay 0"]
        if machine is not first:
            redis_lines.append(f"replicaof {first.host} {REDIS_PORT}")
        sentinel_lines = [
            f"sentinel monitor {MASTER} {first.host} {REDIS_PORT} {QUORUM}",
            f"sentinel down-after-milliseconds {MASTER} {SENTINEL_DOWN_MS}",
            f"sentinel failover-timeout {MASTER} {SENTINEL_FAILOVER_MS}",
        ]
        _run_redis(machine, "redis", REDIS_PORT, redis_lines)
        _run_redis(machine, "sentinel", SENTINEL_PORT, sentinel_lines, "--sentinel")


def _run_redis(machine: Machine, name: str, port: int, lines: list[str], *options: str) -> None:
    path = machine.folder / f"{name}.conf"
    # They write down there whom they follow, and go on with that.
    if not path.exists():
        said = [f"bind {machine.host}", f"port {port}", f"dir {machine.folder}", "protected-mode no", *lines]
        path.write_text("\n".join(said) + "\n")
    machine.run(name, embedded.redis_server(), str(path), *options)


def _kill_postgresql(folder: Path) -> None:
    with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
        kill_all(family_of(postmaster(folder)))
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _listed(hosts: Sequence[str], port: int) -> str:
    return ",".join(f"{host}:{port}" for host in hosts)


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=ASK_SECONDS) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
