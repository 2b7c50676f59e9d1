"""What an installation in containers takes: the size of its image, and the time of the compose file's first start.

Only where an engine answers. The installation has a project name, an image and a port of its own, so that it stands
beside one that is in use, and it is taken down with its volumes.
"""

import asyncio
import os
import re
import secrets
import shutil
import sys
import time
from dataclasses import dataclass
from typing import Final

from services import embedded
from tests.benchmarks.measuring import Row, row
from tests.benchmarks.system import ROOT

MEBIBYTE: Final = 1024 * 1024
ASK_SECONDS: Final = 30
BUILD_SECONDS: Final = 420
START_SECONDS: Final = 120
DOCKERFILE: Final = "deploy/Dockerfile"
QUESTIONS: Final = (("info",), ("compose", "version"))


class CommandFailed(Exception):
    """A command of the engine failed; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation of the compose file."""

    project: str
    port: int

    @property
    def image(self) -> str:
        """Give the name of its image."""
        return f"helhedsnet:{self.project}"

    async def compose(self, *arguments: str, seconds: float) -> str:
        """Run a compose command on this installation."""
        return await _docker(
            *("compose", "--progress", "quiet", *arguments),
            seconds=seconds,
            COMPOSE_PROJECT_NAME=self.project,
            HELHEDSNET_IMAGE_TAG=self.project,
            HELHEDSNET_PORT=str(self.port),
        )


async def measure() -> list[Row]:
    """Measure both; where there is no engine, or it cannot have the images, say so and give nothing."""
    installation = Installation(f"helhedsnet-bench-{secrets.token_hex(4)}", embedded.free_port())
    why = await _why_not()
    if why is None:
        try:
            return await _measure(installation)
        except (CommandFailed, TimeoutError) as error:
            why = f"it failed: {type(error).__name__} {error}"
        finally:
            await installation.compose("down", "--volumes", "--remove-orphans", seconds=START_SECONDS)
            await _docker("image", "rm", "--force", installation.image, seconds=ASK_SECONDS)
    sys.stderr.write(f"footprint: without the image and the compose file, since {why}\n")
    return []


async def _measure(installation: Installation) -> list[Row]:
    """Build the image, and start the compose file with it on volumes that are empty."""
    await _docker("build", "--quiet", "-f", DOCKERFILE, "-t", installation.image, ".", seconds=BUILD_SECONDS)
    # What is started is there: what has to be fetched would say more of the network.
    await installation.compose("pull", "--policy", "missing", seconds=BUILD_SECONDS)
    (*_, base) = re.findall(r"^FROM (\S+)", (ROOT / DOCKERFILE).read_text(), re.MULTILINE)
    sizes = {"measured": [await _size(installation.image)], "limit": [await _size(base)]}
    started = time.perf_counter()
    await installation.compose("up", "--no-build", "--detach", "--wait", seconds=START_SECONDS)
    seconds = time.perf_counter() - started
    return [
        row(f"image of the services, unpacked, beside {base} alone", "MiB", sizes),
        row("start of the compose file on empty volumes, until all are healthy", "s", {"measured": [seconds]}),
    ]


async def _size(image: str) -> float:
    told = await _docker("image", "inspect", "--format", "{{.Size}}", image, seconds=ASK_SECONDS)
    return int(told) / MEBIBYTE


async def _why_not() -> str | None:
    """Tell why there are no containers here; None where there are."""
    if shutil.which("docker") is None:
        return "there is no docker command on this machine"
    for question in QUESTIONS:
        try:
            await _docker(*question, seconds=ASK_SECONDS)
        except (CommandFailed, TimeoutError):
            return f"`docker {' '.join(question)}` fails"
    return None


async def _docker(*arguments: str, seconds: float, **environment: str) -> str:
    """Run a command of the engine, and give what it printed.

    Raises:
        CommandFailed: it failed.
        TimeoutError: it did not end in time.
    """
    process = await asyncio.create_subprocess_exec(
        *("docker", *arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            told, complained = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise CommandFailed(f"docker {' '.join(arguments)}: {complained.decode()}")
    return told.decode()
