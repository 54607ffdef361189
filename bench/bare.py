"""The least that can bring messages to the platform: one kept connection a worker, and no more."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bench.driving import WrongAnswer

SEND = "/cgi-bin/message/subscribe/send"


def bare_loop(base: str, token: str, bodies: Sequence[bytes], workers: int) -> float:
    """Seconds in which so many workers post all bodies. Raises `WrongAnswer`."""
    server, path = urlsplit(base).netloc, f"{SEND}?access_token={token}"
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        posted = [
            pool.submit(_post, server, path, bodies[place::workers]) for place in range(workers)
        ]
        for each in posted:
            each.result()
    return time.perf_counter() - began


def _post(server: str, path: str, bodies: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection(server, timeout=30)
    try:
        for body in bodies:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
            if answer.get("errcode") != 0:
                raise WrongAnswer(f"the platform said {answer.get('errcode')}")
    finally:
        connection.close()
