"""Real processes: the platforms, and a server that knows them from its environment only."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.postgres import free_port

ROOT = Path(__file__).parent.parent.parent
SECONDS_TO_START = 20

FLAGS = {
    "zalo": {
        "--app-id": "360846524940903967", "--app-secret": "zalo-app-secret", "--oa-id": "388613280878808645",
        "--oa-secret": "zalo-oa-secret", "--access-token": "zalo-access", "--refresh-token": "zalo-refresh",
    },
    "graph": {
        "--page-id": "1234567890", "--page-token": "page-token", "--app-secret": "meta-app-secret",
        "--verify-token": "verify-me",
    },
    "telegram": {"--bot-token": "123456789:AA-not-a-real-token-only-for-tests-00"},
}  # fmt: skip


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def post(url: str, **body: Any) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


class Process:
    """A program of ours, ended by its own id."""

    def __init__(self, *command: str, ready: str, environment: dict[str, str] | None = None, log: Path) -> None:
        self.command, self.ready, self.log = command, ready, log
        self.environment = {**_plain_environment(), **(environment or {})}
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._running = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )
        started = time.monotonic()
        while not _answers(self.ready):
            if self._running.poll() is not None or time.monotonic() - started > SECONDS_TO_START:
                self.kill()
                raise AssertionError(f"{self.command} did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a power cut does: nothing is told to the program."""
        self._running.send_signal(signal.SIGKILL)
        self._running.wait()

    def stop(self) -> int:
        self._running.terminate()
        return self._running.wait(timeout=30)


def _plain_environment() -> dict[str, str]:
    ours = ("LOA_", "ZALO_", "MESSENGER_", "TELEGRAM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True  # it answers, be it with a refusal
    except OSError:
        return False
    return True


class Street:
    """The three platforms and a server, each a process of its own."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.home = folder / "home"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.platforms = {name: self._platform(name, folder) for name in FLAGS}
        self.server = Process(
            "main.py",
            "serve",
            ready=f"{self.address}/health",
            environment={**self._settings(), "LOA_DATABASE_URL": database_url},
            log=folder / "server.log",
        )

    def _platform(self, name: str, folder: Path) -> tuple[str, Process]:
        port = free_port()
        webhook = {"zalo": "zalo", "graph": "messenger"}.get(name)
        flags = [part for pair in FLAGS[name].items() for part in pair]
        if webhook:
            flags += ["--webhook", f"{self.address}/webhooks/{webhook}", "--retry-delays", "0.2,0.5,1"]
        url = f"http://127.0.0.1:{port}"
        command = ("-m", "tests.platforms", name, "--port", str(port), *flags)
        return url, Process(*command, ready=f"{url}/_control/count", log=folder / f"{name}.log")

    def _settings(self) -> dict[str, str]:
        zalo, graph, telegram = FLAGS["zalo"], FLAGS["graph"], FLAGS["telegram"]
        at = {name: url for name, (url, _) in self.platforms.items()}
        return {
            "LOA_HOME": str(self.home), "LOA_PORT": str(self.port), "LOA_PUBLIC_URL": self.address,
            "ZALO_APP_ID": zalo["--app-id"], "ZALO_APP_SECRET": zalo["--app-secret"],
            "ZALO_OA_SECRET": zalo["--oa-secret"], "ZALO_OA_ID": zalo["--oa-id"],
            "ZALO_ACCESS_TOKEN": zalo["--access-token"], "ZALO_REFRESH_TOKEN": zalo["--refresh-token"],
            "ZALO_API_URL": at["zalo"], "ZALO_OAUTH_URL": at["zalo"],
            "MESSENGER_PAGE_ID": graph["--page-id"], "MESSENGER_PAGE_TOKEN": graph["--page-token"],
            "MESSENGER_APP_SECRET": graph["--app-secret"], "MESSENGER_VERIFY_TOKEN": graph["--verify-token"],
            "MESSENGER_API_URL": f"{at['graph']}/v26.0",
            "TELEGRAM_BOT_TOKEN": telegram["--bot-token"], "TELEGRAM_API_URL": at["telegram"],
        }  # fmt: skip

    def run(self, *arguments: str) -> str:
        """A command of the operator's, on the same home."""
        environment = self.server.environment
        done = subprocess.run(
            [sys.executable, "main.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def control(self, platform: str, what: str, **body: Any) -> Any:
        return post(f"{self.platforms[platform][0]}/_control/{what}", **body)

    def count(self, platform: str) -> Any:
        return get(f"{self.platforms[platform][0]}/_control/count")

    def stop(self) -> None:
        self.server.stop()
        for _, process in self.platforms.values():
            process.stop()
