"""Load from another process: `wrk` with signed webhooks that were made beforehand, each a new event."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.servers import APP_ID, OA_ID, SECRET
from tests.postgres import free_port

SERVER_CPU, LOAD_CPU = "0", "1"

_SCRIPT = """
-- formatted beforehand: the load must not cost more than the server
local requests, at = {}, 0
for line in io.lines("%s") do
  local mac, body = string.match(line, "^(%%S+) (.*)$")
  requests[#requests + 1] = "POST /webhooks/zalo HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nX-ZEvent-Signature: " .. mac ..
    "\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
end
request = function()
  at = at + 1
  return requests[(at - 1) %% #requests + 1]
end
"""


@dataclass(frozen=True)
class Measured:
    per_second: float
    p50_ms: float
    p99_ms: float
    refused: int


def write_events(path: Path, count: int, first: int) -> None:
    """`count` signed text messages of 5,000 people, as Zalo sends them."""
    with path.open("w") as file:
        for number in range(first, first + count):
            at = str(1_790_000_000_000 + number)
            body = json.dumps(
                {
                    "app_id": APP_ID, "sender": {"id": str(10**15 + number % 5000)}, "user_id_by_app": "1",
                    "recipient": {"id": OA_ID}, "event_name": "user_send_text",
                    "message": {"text": "lam giay khai sinh cho con can gi", "msg_id": f"{number:020x}"},
                    "timestamp": at,
                },
                separators=(",", ":"),
            )  # fmt: skip
            mac = hashlib.sha256(f"{APP_ID}{body}{at}{SECRET}".encode()).hexdigest()
            file.write(f"mac={mac} {body}\n")


@contextmanager
def server(name: str, url: str = "") -> Iterator[int]:
    port = free_port()
    command = ["taskset", "-c", SERVER_CPU, sys.executable, "-m", "tests.bench.servers", name, str(port), url]
    running = subprocess.Popen(command)
    try:
        _until_open(port)
        yield port
    finally:
        running.terminate()
        running.wait()


def _until_open(port: int) -> None:
    import socket

    for _ in range(400):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the measured server did not start")


def measure(port: int, events: Path, *, connections: int, seconds: int) -> Measured:
    script = events.with_suffix(".lua")
    script.write_text(_SCRIPT % events)
    wrk = shutil.which("wrk")
    assert wrk, "wrk is not installed: apt-get install wrk"
    command = [
        "taskset",
        "-c",
        LOAD_CPU,
        wrk,
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "-s",
        str(script),
    ]
    address = f"http://127.0.0.1:{port}"
    said = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Measured(
        float(_found(r"Requests/sec:\s+([\d.]+)", said)[1]),
        _ms(_found(r"50%\s+([\d.]+)(us|ms|s)", said)),
        _ms(_found(r"99%\s+([\d.]+)(us|ms|s)", said)),
        int(refused[1]) if refused else 0,
    )


def _found(pattern: str, said: str) -> re.Match[str]:
    found = re.search(pattern, said)
    assert found, said
    return found


def _ms(found: re.Match[str]) -> float:
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]
