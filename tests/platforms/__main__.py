"""One platform as a process of its own: `python -m tests.platforms zalo --port 9001 --webhook http://…`."""

import argparse
import asyncio
import inspect
import signal
import sys

import uvloop

from tests.platforms import GraphPlatform, Platform, TelegramPlatform, ZaloPlatform

PLATFORMS: dict[str, type[Platform]] = {"zalo": ZaloPlatform, "graph": GraphPlatform, "telegram": TelegramPlatform}


def main() -> None:
    settings = vars(_parser().parse_args())
    platform, port = PLATFORMS[settings.pop("platform")], settings.pop("port")
    given = {name: value for name, value in settings.items() if value is not None}
    unknown = given.keys() - inspect.signature(platform).parameters.keys()
    if unknown:
        sys.exit(f"{platform.name} has no {', '.join(sorted(unknown))}")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(platform(**given), port))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.platforms", description=__doc__)
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--webhook")
    parser.add_argument("--retry-delays", type=_delays, help="seconds between tries, such as 0.5,1,2")
    parser.add_argument("--app-id", help="zalo, graph")
    for name in ("oa-id", "oa-secret", "access-token", "refresh-token"):
        parser.add_argument(f"--{name}", help="zalo")
    for name in ("page-id", "page-token", "verify-token"):
        parser.add_argument(f"--{name}", help="graph")
    parser.add_argument("--app-secret", help="zalo, graph")
    for name in ("bot-token", "secret"):
        parser.add_argument(f"--{name}", help="telegram")
    return parser


def _delays(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(",") if part)


async def _serve(platform: Platform, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await platform.start(port)
    print(platform.url, flush=True)
    await stopped.wait()
    await platform.stop()


if __name__ == "__main__":
    main()
