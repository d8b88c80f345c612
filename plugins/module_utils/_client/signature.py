# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that a token was signed by the tenant's own login host."""

from __future__ import annotations

import typing as t

from .clouds import GRAPH_APP_ID, endpoints, resource_of
from .errors import BadAnswer, BadInput, ServiceError, TokenRejected
from .no_answer import no_answer
from .settings import GUID, Settings
from .token import Token
from .transport import open_session

# A version 1.0 token is checked against the 1.0 document even if the 2.0 endpoint gave it out (access-tokens.md).
METADATA = {
    "1.0": "{login}/{tenant}/.well-known/openid-configuration",
    "2.0": "{login}/{tenant}/v2.0/.well-known/openid-configuration",
}
ALGORITHM = "RS256"


def verify_signature(token: Token, settings: Settings) -> str:
    """The id of the key the token is signed with, once signature and issuer are proven; ``judge`` looks at the rest.

    :raises TokenRejected: the signature or the issuer is not the tenant's, or nobody but the API itself could tell
    :raises BadInput: the library PyJWT is missing
    :raises Unreachable, ServiceError, BadAnswer: the tenant's keys cannot be had
    """
    try:
        import jwt
    except ImportError as error:
        raise BadInput("Checking a signature needs the Python library PyJWT", hint="Install it where the task runs: pip install 'PyJWT[crypto]'") from error

    url = _metadata_url(token, settings)
    session = open_session(settings)
    try:
        document = _fetch(session, url, settings)
        issuer = _text(document, "issuer", url).replace("{tenantid}", token.tenant_id)
        keys_url = _text(document, "jwks_uri", url)
        keys = _fetch(session, keys_url, settings).get("keys")
    finally:
        session.close()
    key = _key_of(token, keys, keys_url)
    try:
        public_key = jwt.PyJWK(key, algorithm=ALGORITHM).key
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise BadAnswer(f"The key at {keys_url} that the token is signed with cannot be read", hint="Check login_url") from error
    try:
        jwt.decode(
            token.value,
            public_key,
            algorithms=[ALGORITHM],
            issuer=issuer,
            options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidIssuerError as error:
        raise TokenRejected(f"The token names {token.issuer or 'nobody'} as its issuer; the tenant's is {issuer}", hint="Check cloud and tenant_id") from error
    except jwt.InvalidTokenError as error:
        raise TokenRejected("The token's signature is not the tenant's", hint="The token was altered or made by someone else: do not use it") from error
    return key["kid"]


def _metadata_url(token: Token, settings: Settings) -> str:
    resource = resource_of(token.audience)
    if "nonce" in token.header or (resource and resource.app_id == GRAPH_APP_ID):
        # access-tokens.md: its format is private; a nonce in the header makes the check fail for all others.
        raise TokenRejected(
            "The signature of a Microsoft Graph token cannot be checked by anyone but Graph itself",
            hint="Leave the check of the signature out for this token",
        )
    tenant = token.tenant_id
    if not GUID.fullmatch(tenant):
        raise TokenRejected("The token does not say which tenant it is from")
    version = token.claims.get("ver")
    if version not in METADATA:
        raise TokenRejected(f"The token is of version {version!r}; {' and '.join(METADATA)} are known")
    return METADATA[version].format(login=endpoints(settings).login_url, tenant=tenant)


def _key_of(token: Token, keys: t.Any, keys_url: str) -> dict[str, t.Any]:
    wanted = token.header.get("kid")
    known = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    key = next((key for key in known if wanted and key.get("kid") == wanted), None)
    if key is None:
        raise TokenRejected(
            f"The token is signed with a key that the tenant does not list at {keys_url}",
            hint="It comes from another tenant or cloud, or was made by someone else",
        )
    return key


def _fetch(session: t.Any, url: str, settings: Settings) -> dict[str, t.Any]:
    import requests

    try:
        answer = session.get(url)
    except requests.RequestException as error:
        raise no_answer(error, url, settings) from None
    if answer.status_code != 200:
        raise ServiceError(
            f"The tenant's signing keys cannot be had: {url} answers {answer.status_code}",
            status=answer.status_code,
            hint="Check cloud, login_url and tenant_id",
        )
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise BadAnswer(f"{url} does not answer with JSON", hint="A proxy or a log-in page may stand in between; check proxy and login_url")
    return document


def _text(document: t.Mapping[str, t.Any], name: str, url: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise BadAnswer(f"{url} names no {name}", hint="Check login_url; this does not look like Entra ID")
    return value
