"""OpenID providers for tests, on loopback: a real one in a process of its own, and one that can be told to lie."""

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT_ID = "civicvote"
CLIENT_SECRET = "a secret of tests"


@dataclass(frozen=True)
class RealProvider:
    """``oidc-provider-mock`` as a server: it asks who signs in, gives codes, signed tokens and user info."""

    address: str

    def knows(self, subject: str, **claims: object) -> None:
        requests.put(f"{self.address}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def consent(self, authorization_address: str, subject: str) -> str:
        """Sign in as ``subject`` on the provider's page and agree: where the browser is sent back to."""
        answer = requests.post(authorization_address, data={"sub": subject}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]

    def deny(self, authorization_address: str) -> str:
        answer = requests.post(authorization_address, data={"action": "deny"}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]


@contextmanager
def real_provider() -> Iterator[RealProvider]:
    """The provider in a process of its own, on a port that is free."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/.well-known/openid-configuration", process)
        yield RealProvider(address)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(150):
        assert process.poll() is None, "the provider ended"
        try:
            requests.get(address, timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider did not start")


@dataclass
class CraftedIssuer:
    """A provider that checks what it is sent (PKCE, client, address of return) and answers as the test wants.

    ``claims`` go into the ID token, None takes one out; ``told`` is the user info; ``key`` signs instead of the
    published one; ``broken`` are paths that answer 500; ``description`` changes the discovery document; ``way`` is how
    the client must show who it is.
    """

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] | None = None
    key: Any = None
    algorithm: str = "RS256"
    way: str = "client_secret_basic"
    broken: set[str] = field(default_factory=set)
    description: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    published: Any = field(default_factory=lambda: _key("one"))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.path)
        if request.path in self.broken:
            answer = Response("broken", 500)
        else:
            answer = {
                "/.well-known/openid-configuration": self._describe,
                "/authorize": self._authorize,
                "/token": self._token,
                "/jwks": self._keys,
                "/userinfo": self._user_info,
            }[request.path](request)
        return answer(environ, start_response)

    def _describe(self, _request: Request) -> Response:
        document = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **({"userinfo_endpoint": f"{self.address}/userinfo"} if self.told is not None else {}),
            **self.description,
        }
        return _json({name: value for name, value in document.items() if value is not None})

    def _authorize(self, request: Request) -> Response:
        assert request.args["response_type"] == "code"
        assert request.args["code_challenge_method"] == "S256"
        assert "openid" in request.args["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(request.args)
        address = f"{request.args['redirect_uri']}?{urlencode({'code': code, 'state': request.args['state']})}"
        return Response(status=302, headers={"Location": address})

    def _token(self, request: Request) -> Response:
        asked = self._codes.pop(request.form["code"], None)
        challenge = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or not self._is_client(request)
            or base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]
            or request.form["redirect_uri"] != asked["redirect_uri"]
        ):
            return _json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": "crafted",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        body = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300}
        return _json(body | {"id_token": self._signed({name: v for name, v in claims.items() if v is not None})})

    def _is_client(self, request: Request) -> bool:
        basic, form = request.authorization, request.form
        shown = {
            "client_secret_basic": (basic.username, basic.password) if basic else None,
            "client_secret_post": (form.get("client_id"), form.get("client_secret")),
            "none": (form.get("client_id"), CLIENT_SECRET) if not basic and "client_secret" not in form else None,
        }
        return shown[self.way] == (CLIENT_ID, CLIENT_SECRET)

    def rotate(self, name: str) -> None:
        """Publish and use another key."""
        self.published = _key(name)

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
        header = {"alg": self.algorithm, "kid": self.published.kid}
        return jwt.encode(header, claims, self.key or self.published, algorithms=[self.algorithm])

    def _keys(self, _request: Request) -> Response:
        return _json({"keys": [self.published.as_dict(private=False)]})

    def _user_info(self, request: Request) -> Response:
        assert request.headers["Authorization"].startswith("Bearer ")
        return _json(self.told or {})


@cache
def _key(name: str) -> Any:
    """Making one takes a while, so tests share them."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def another_key() -> Any:
    """A key that the issuer does not publish, under the name of the one it does."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


def shared_key(text: str) -> Any:
    """A symmetric key, as somebody makes who takes a public text for a secret."""
    return OctKey.import_key(text, {"kid": "one"})


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


@contextmanager
def crafted_issuer() -> Iterator[CraftedIssuer]:
    """The issuer on a thread of this process."""
    issuer = CraftedIssuer()
    server = make_server("127.0.0.1", 0, issuer, threaded=True)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
