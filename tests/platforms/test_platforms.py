"""What all played platforms do: faults on demand, and work as a process of their own."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.platforms import GraphPlatform, ZaloPlatform
from tests.platforms.calls import LAN, Http, asked, cs, send
from tests.platforms.graph_messages import graph_error
from tests.platforms.receiver import Receiver

ROOT = Path(__file__).parents[2]


async def test_an_accepted_send_can_end_in_a_reset(zalo: ZaloPlatform, http: Http) -> None:
    zalo.add_people(1)
    zalo.drop_after_accepting = 1
    with pytest.raises(aiohttp.ClientError):
        await cs(http, zalo, {"text": "một"})
    assert (await cs(http, zalo, {"text": "hai"}))["error"] == 0
    assert [letter.text for letter in zalo.letters] == ["một", "hai"]


async def test_prepared_answers_come_first_and_accept_nothing(graph: GraphPlatform, http: Http) -> None:
    graph.add_people(1)
    graph.fail_next = [(400, graph_error(613, "(#613) too fast")), (502, "<html>Bad Gateway</html>")]
    assert (await send(http, graph, {"text": "x"}))[1]["error"]["code"] == 613
    async with http.post(f"{graph.url}/v26.0/me/messages") as response:
        assert (response.status, response.content_type) == (502, "text/html")
    assert graph.letters == []


async def test_a_slow_platform_has_accepted_before_it_answers(zalo: ZaloPlatform, http: Http) -> None:
    zalo.add_people(1)
    zalo.delay_seconds = 5
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(cs(http, zalo, {"text": "x"}), 0.2)
    assert len(zalo.letters) == 1


async def test_sends_beyond_the_rate_are_refused(zalo: ZaloPlatform, http: Http) -> None:
    zalo.add_people(1)
    zalo.sends_per_second = 2
    errors = [(await cs(http, zalo, {"text": "x"}))["error"] for _ in range(6)]
    assert -32 in errors


async def test_a_platform_runs_alone_and_is_driven_over_http(http: Http, receiver: Receiver) -> None:
    arguments = ("-m", "tests.platforms", "zalo", "--webhook", receiver.url, "--access-token", "t", "--oa-secret", "s")
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    assert process.stdout
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        await _drive(http, url)
    finally:
        process.terminate()
        assert await process.wait() == 0


async def _drive(http: Http, url: str) -> None:
    _, heard = await asked(http, "POST", f"{url}/_control/says", json={"person": LAN, "text": "Chào"})
    assert heard == {"statuses": [200]}
    _, people = await asked(http, "POST", f"{url}/_control/people", json={"count": 3, "first": 5001})
    assert people == {"first": "5001", "last": "5003", "count": 3}
    for person in ("5001", "5002", "5002"):
        message = {"recipient": {"user_id": person}, "message": {"text": f"Gửi {person}"}}
        await asked(http, "POST", f"{url}/v3.0/oa/message/cs", json=message, headers={"access_token": "t"})
    _, found = await asked(http, "GET", f"{url}/_control/letters", params={"person": "5002", "after": "2"})
    assert [(letter["number"], letter["text"]) for letter in found["letters"]] == [(3, "Gửi 5002")]
    _, count = await asked(http, "GET", f"{url}/_control/count")
    assert count == {"letters": 3, "people_written_to": 2, "max_per_person": 2}
