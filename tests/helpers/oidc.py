"""An OpenID Connect provider on this machine. It signs in whoever the test says and checks what a provider must check."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "twinning", "a-secret-between-the-two"


@dataclass
class Provider:
    """`claims` is what it says about whoever signs in next."""

    url: str = ""
    claims: dict = field(default_factory=dict)
    codes: dict[str, dict] = field(default_factory=dict)  # code -> the request that it answers
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def settings(self, provider_id: str = "eu-login") -> dict:
        """What SOCIALACCOUNT_PROVIDERS must be for it."""
        app = {
            "provider_id": provider_id,
            "name": "EU Login",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": self.url},
        }
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


class _Pages(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        return self.server.provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            self.answer(self.discovery())
        elif address.path == "/authorize":
            self.authorize(query)
        elif address.path == "/userinfo":
            self.answer(self.provider.claims)
        elif address.path == "/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.provider.key.public_key(), as_dict=True)
            self.answer({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
        asked = self.provider.codes.pop(form["code"])
        proof = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == asked["code_challenge"]
        assert (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        now = int(time.time())
        claims = {**self.provider.claims, "iss": self.provider.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        token = jwt.encode(claims, self.provider.key, algorithm="RS256", headers={"kid": "one"})
        self.answer({"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": token})

    def discovery(self) -> dict:
        url = self.provider.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "userinfo_endpoint": f"{url}/userinfo",
            "jwks_uri": f"{url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict) -> None:
        """The person signs in and agrees at once."""
        code = secrets.token_hex(8)
        self.provider.codes[code] = asked
        self.send_response(302)
        self.send_header("Location", asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}))
        self.end_headers()

    def answer(self, what: dict) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """A provider on a free port of this machine, for the length of the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.provider = Provider(url=f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.provider
        finally:
            server.shutdown()
            thread.join()
