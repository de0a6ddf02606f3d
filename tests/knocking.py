"""A user at the door of a server that may be killed at any moment: plain HTTP, one connection a request, no help from Django."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from uuid import uuid4

from django.db import Error, connection

from serving import Server
from staff import PASSWORD, a_fresh_code
from wenze.web.offices.models import User

PATIENCE = 120  # seconds for a server to answer again
GONE = (OSError, http.client.HTTPException)  # what a killed server looks like
_ANSWER = 60  # seconds for one answer


class Knocker:
    """One user's session with a server."""

    def __init__(self, server: Server, user: User) -> None:
        self.server, self.user = server, user
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, b"", "")

    def post(self, path: str, said: Mapping[str, object]) -> tuple[int, str]:
        """Status, and where it leads. Raises one of GONE: whether it was done, nobody knows yet."""
        return self._ask("POST", path, urlencode(said, doseq=True).encode(), "application/x-www-form-urlencoded")

    def upload(self, path: str, said: Mapping[str, object], content: bytes) -> tuple[int, str]:
        """A form with a file in the field `file`."""
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in said.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        body = "\r\n".join([*parts, head]).encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={mark}")

    def log_in(self) -> None:
        """As often as it takes; the code is one that was not used yet."""
        wait_for(lambda: self.get("/login")[0] == 200)
        wait_for(self._logged_in)

    def _logged_in(self) -> bool:
        said = {"username": self.user.username, "password": PASSWORD, "code": a_fresh_code(self.user)}
        return self.post("/login", said) == (302, "/")

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str]:
        asking = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=_ANSWER)
        try:
            headers = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
            }
            asking.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
            answer = asking.getresponse()
            answer.read()
            for cookie in answer.headers.get_all("set-cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers.get("Location", "")
        finally:
            asking.close()


def wait_for(answers: Callable[[], bool]) -> None:
    """Until it answers yes; what a killed server or database says meanwhile is not heard."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if answers():
                return
        except GONE:
            pass
        except Error:
            connection.close()
        time.sleep(0.05)
    raise AssertionError("the server did not answer again")
