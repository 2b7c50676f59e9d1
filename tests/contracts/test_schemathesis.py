"""Whatever a client makes of the OpenAPI document, the registry answers as the document says, and never with a 5xx.

A short run is part of the tests; SCHEMATHESIS_EXAMPLES=500 makes a long one.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.conftest import Bearer
from tests.support.extent import long_but_for
from tests.support.running import on_a_port

EXAMPLES = [os.environ["SCHEMATHESIS_EXAMPLES"]] if "SCHEMATHESIS_EXAMPLES" in os.environ else ["1", "5"]
PHASES = "examples,coverage,fuzzing" if "SCHEMATHESIS_EXAMPLES" in os.environ else "examples,fuzzing"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("examples", long_but_for(EXAMPLES, EXAMPLES[:1]))
async def test_no_answer_is_outside_the_document(
    registry_app: FastAPI, bearer: Bearer, tmp_path: Path, examples: str
) -> None:
    """Valid and invalid requests to every route."""
    async with on_a_port({"registry": registry_app}) as address:
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{address}/registry/openapi.json",
            *("--header", f"Authorization: {bearer('coordinator', 'urbanplanen')['Authorization']}"),
            *("--checks", CHECKS, "--max-examples", examples, "--phases", PHASES),
            "--no-color",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=tmp_path,
        )
        output, _ = await process.communicate()
    print(output.decode()[-1500:])  # noqa: T201  how much was tried
    assert process.returncode == 0, output.decode()[-6000:]
