"""How long a citizen waits: a real server, a local Zalo, one question after the other."""

import asyncio
import statistics
from pathlib import Path
from time import monotonic

from tests.faults.processes import Process
from tests.platforms import ZaloPlatform
from tests.postgres import free_port

QUESTIONS = 300


async def answer_times(folder: Path) -> dict[str, float]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    zalo = ZaloPlatform(webhook=f"{address}/webhooks/zalo")
    await zalo.start()
    environment = {
        "LOA_HOME": str(folder / "home"), "LOA_PORT": str(port), "ZALO_APP_ID": zalo.app_id,
        "ZALO_APP_SECRET": zalo.oauth.app_secret, "ZALO_OA_SECRET": zalo.oa_secret, "ZALO_OA_ID": zalo.oa_id,
        "ZALO_ACCESS_TOKEN": zalo.oauth.access, "ZALO_REFRESH_TOKEN": zalo.oauth.refresh,
        "ZALO_API_URL": zalo.url, "ZALO_OAUTH_URL": zalo.url,
    }  # fmt: skip
    rule = ["main.py", "rules", "set", "zalo", "sends_per_second", "none", "--source", "bench"]
    await _run(rule, environment)
    server = await asyncio.to_thread(
        lambda: Process("main.py", "serve", ready=f"{address}/health", environment=environment, log=folder / "log")
    )
    try:
        return _summary(await _ask_all(zalo))
    finally:
        await asyncio.to_thread(server.stop)
        await zalo.stop()


async def _run(command: list[str], environment: dict[str, str]) -> None:
    import os
    import sys

    running = await asyncio.create_subprocess_exec(sys.executable, *command, env={**os.environ, **environment})
    assert await running.wait() == 0


async def _ask_all(zalo: ZaloPlatform) -> list[float]:
    times = []
    for person in zalo.add_people(QUESTIONS):
        await zalo.says(person, "chao")
        await zalo.waits_for(2, person)
        started = monotonic()
        await zalo.says(person, "lam giay khai sinh cho con can gi")
        await zalo.waits_for(3, person)
        times.append((monotonic() - started) * 1000)
    return times


def _summary(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"median": cuts[49], "p90": cuts[89], "p99": cuts[98]}
