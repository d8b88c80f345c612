# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the numbers of Entra ID's refusals mean, and what to do about each.

From reference-error-codes.md and public reports. Texts of the service are for people and change; the numbers
are steady enough for a hint, and one that does not stand here still gets a usable sentence.
"""

from __future__ import annotations

import typing as t

from . import ways

LOOKUP_PAGE = "https://login.microsoftonline.com/error?code={number}"


class Refusal(t.NamedTuple):
    """``meaning`` completes the sentence "Entra ID refused the sign-in: …"; ``hint`` says what to do."""

    meaning: str
    hint: str


_WRONG_SECRET = Refusal(
    "the client secret is wrong",
    "Use the secret's value, not its secret ID, of this very app; a secret made a minute ago may not be known everywhere yet",
)
_UNKNOWN_APP = Refusal(
    "the tenant knows no such app",
    "Check client_id and tenant_id; an app of another tenant must first be consented to in this one",
)
_WRONG_CLOUD = Refusal(
    "the tenant belongs to another national cloud than the login host",
    "Set cloud to commercial, gcc, gcc_high or dod, whichever the tenant is in",
)
_UNKNOWN_TENANT = Refusal(
    "there is no such tenant here",
    "Check tenant_id; for a tenant of a government cloud set cloud to gcc_high or dod",
)
_MANY_TENANTS = Refusal("the tenant is named by a word for many tenants", "Give tenant_id as a GUID or as a verified domain")
_NO_RESOURCE = Refusal(
    "the tenant does not know the API that the token is for",
    "Defender for Endpoint was never set up in this tenant, cloud is not the tenant's, or scope has a typing error",
)
_ONE_SCOPE = Refusal("the scope is not one the service knows", "Give one resource followed by /.default as scope, or leave scope out")
_WRONG_CERTIFICATE = Refusal(
    "the certificate is not accepted",
    "Upload this certificate to the app registration, or use the one that is there; it may also have expired or been removed",
)
_CLOCK = Refusal(
    "the signed assertion is outside its time",
    "Set the clock of this machine right (timedatectl, chronyc makestep)",
)
_NO_FEDERATION = Refusal(
    "no federated credential of the app matches the external token",
    "Issuer, subject and audience of the app's federated credential must match the token to the letter, a closing slash and letter case included; "
    "a federated credential made a minute ago may not be known everywhere yet",
)
_NOT_ASSIGNED = Refusal(
    "the app is not assigned to the API, which asks for an assignment",
    "Grant the app an application role of the API, with admin consent",
)
_BLOCKED = Refusal(
    "a Conditional Access policy blocks the app",
    "Ask who keeps the policies for workload identities; often only some addresses may sign in, so look at where this machine goes out from",
)
_DECLINED = Refusal("the person declined", "Run the task again, and accept what the page asks for")
_FOR_USERS = Refusal("the answer is about the sign-in of a user", "An app signs in by itself: check that client_id is that of the app")
_MALFORMED = Refusal("the request is malformed", "Check tenant_id, client_id and scope for stray characters")
BUSY = Refusal("the service is busy", "Wait a minute and try again; retry_time says how long this is done by itself")

REFUSALS: dict[int, Refusal] = {
    7000215: _WRONG_SECRET,
    7000222: Refusal("the client secret has expired", "Create a new secret for the app, or sign in with a certificate"),
    7000218: Refusal("no credential arrived", "Give client_secret or certificate_path; an app that is a public client cannot sign in by itself"),
    70016: Refusal("nobody has entered the code yet", "Run the task again and enter the code at once"),
    70018: Refusal("the code is not known", "Run the task again for a new code"),
    70019: Refusal("nobody entered the code in time", "Run the task again and enter the code at once"),
    70002: Refusal("the credential is not valid", "Check client_secret or the certificate"),
    700016: _UNKNOWN_APP,
    70001: _UNKNOWN_APP,
    7000112: Refusal("the app is disabled", "Enable it: Entra admin center, Enterprise applications, the app, Properties, Enabled for users to sign-in"),
    70003: Refusal("the login host does not offer the sign-in of apps", "Check login_url"),
    7000114: Refusal("the app may not use this flow", "Sign in with the app's own secret or certificate"),
    90002: _UNKNOWN_TENANT,
    9001023: _MANY_TENANTS,
    90124: _MANY_TENANTS,
    90130: _MANY_TENANTS,
    900023: Refusal("the tenant's name is malformed", "Give tenant_id as a GUID or as a verified domain"),
    90013: _MALFORMED,
    90014: _MALFORMED,
    900144: _MALFORMED,
    9002313: _MALFORMED,
    900382: _WRONG_CLOUD,
    900432: _WRONG_CLOUD,
    90038: _WRONG_CLOUD,
    500011: _NO_RESOURCE,
    50001: _NO_RESOURCE,
    650052: _NO_RESOURCE,
    650057: _NO_RESOURCE,
    70011: _ONE_SCOPE,
    1002012: Refusal("the scope does not end in /.default", "Append /.default to scope, or leave scope out"),
    901002: Refusal("a resource was named where a scope belongs", "Check login_url; this is the answer of the version 2.0 endpoint"),
    700022: _ONE_SCOPE,
    28000: _ONE_SCOPE,
    50012: _WRONG_CERTIFICATE,
    700027: _WRONG_CERTIFICATE,
    900384: _WRONG_CERTIFICATE,
    700030: Refusal("the certificate's subject name is not authorized", "The app trusts certificates by subject name and issuer; use one that fits"),
    700023: Refusal("the signed assertion is for another tenant or host", "Check tenant_id and login_url"),
    700024: _CLOCK,
    500133: _CLOCK,
    50013: Refusal("the assertion is not valid", "Check the certificate and the clock of this machine"),
    700025: Refusal("the app is a public client and may not present a credential", "Register it as a web app (confidential client)"),
    7000232: Refusal("client_id is that of a managed identity", "A managed identity has no secret or certificate of its own; use an app registration"),
    50105: _NOT_ASSIGNED,
    501051: _NOT_ASSIGNED,
    700211: _NO_FEDERATION,
    700212: _NO_FEDERATION,
    700213: _NO_FEDERATION,
    70021: _NO_FEDERATION,
    7002137: _NO_FEDERATION,
    7002138: _NO_FEDERATION,
    700229: Refusal("the external token is a user's", "Only tokens of an app can be exchanged"),
    500021: Refusal("the proxy restricts sign-in to other tenants", "Have this tenant added to the proxy's Restrict-Access-To-Tenants header"),
    53003: _BLOCKED,
    530035: _BLOCKED,
    65001: Refusal("nobody has consented to the app's permissions", "Let an administrator consent to them"),
    65004: _DECLINED,
    650056: Refusal("the app is misconfigured", "Add its API permissions in the registration and let an administrator consent"),
    90094: Refusal("an administrator must consent", "Let an administrator consent to the app's permissions"),
    90009: Refusal("the app asks for a token for itself", "Leave scope out, or give the scope of the API"),
    50034: _FOR_USERS,
    50076: _FOR_USERS,
    50079: _FOR_USERS,
    50126: _FOR_USERS,
    70008: _FOR_USERS,
    700082: _FOR_USERS,
    90033: BUSY,
    90055: BUSY,
    100007: Refusal("a regional login host refuses ordinary apps", "Use the global login host; leave login_url out"),
}


_PERSON_BLOCKED = Refusal(
    "a Conditional Access policy blocks this sign-in of a person",
    "Many tenants block device codes on purpose; ask who keeps the policies, or let the app sign in by itself with a certificate",
)
_MORE_PROOF = Refusal(
    "the person must prove more, such as a second factor or a device that is looked after",
    "Run the task again and finish what the page asks for; a policy that asks for a managed device cannot be met by a device code",
)
_SIGN_IN_AGAIN = Refusal("the sign-in of the person has grown old or was revoked", "Run the task again and enter the new code")
_WRONG_PERSON = Refusal("the person or the password is not known in this tenant", "Sign in as a user of the tenant in tenant_id")
FOR_A_PERSON: dict[int, Refusal] = {
    7000218: Refusal(
        "the app is not a public client, so a person cannot sign in to it by a code",
        "Entra admin center, App registrations, the app, Authentication: allow public client flows",
    ),
    53003: _PERSON_BLOCKED,
    530035: _PERSON_BLOCKED,
    50105: Refusal(
        "the person is not assigned to the app, which asks for an assignment",
        "Assign them: Entra admin center, Enterprise applications, the app, Users and groups",
    ),
    65001: Refusal(
        "nobody has consented to the app's delegated permissions",
        "Add the delegated permissions of the API, such as Machine.Read, in the app registration and let an administrator consent",
    ),
    50034: _WRONG_PERSON,
    50126: _WRONG_PERSON,
    50053: Refusal("the account of the person is locked", "Wait, or ask who keeps the accounts; somebody may have tried the password"),
    50057: Refusal("the account of the person is disabled", "Ask who keeps the accounts"),
    50072: _MORE_PROOF,
    50074: _MORE_PROOF,
    50076: _MORE_PROOF,
    50079: _MORE_PROOF,
    50097: _MORE_PROOF,
    53000: _MORE_PROOF,
    53001: _MORE_PROOF,
    53002: _PERSON_BLOCKED,
    53004: _PERSON_BLOCKED,
    50173: _SIGN_IN_AGAIN,
    70008: _SIGN_IN_AGAIN,
    700082: _SIGN_IN_AGAIN,
}

_NOT_ITS_ISSUER = Refusal(
    "the federated token is not signed by the issuer it names",
    "Entra ID reads the issuer's keys at <issuer>/.well-known/openid-configuration, so that page must be open to the Internet, without a closed CA",
)
_OLD_FEDERATED = Refusal(
    "the federated token is outside its time",
    "Get a new one right before the play; GitHub's lives for minutes, the file in a pod is replaced by itself",
)
FOR_FEDERATION: dict[int, Refusal] = {
    50012: _NOT_ITS_ISSUER,
    700027: _NOT_ITS_ISSUER,
    900384: _NOT_ITS_ISSUER,
    50013: _NOT_ITS_ISSUER,
    700024: _OLD_FEDERATED,
    500133: _OLD_FEDERATED,
}

_BY_WAY = {ways.DEVICE_CODE: FOR_A_PERSON, ways.FEDERATED: FOR_FEDERATION, ways.FEDERATED_FILE: FOR_FEDERATION}

WORDS: dict[str, Refusal] = {
    "authorization_declined": _DECLINED,
    "access_denied": _DECLINED,
    "bad_verification_code": REFUSALS[70018],
    "expired_token": REFUSALS[70019],
    "code_expired": REFUSALS[70019],
    "interaction_required": _MORE_PROOF,
    "invalid_resource": _NO_RESOURCE,
}
"""What the words mean that come without a number."""


def explain(number: int, way: str | None = None) -> Refusal:
    """The refusal with this AADSTS number, or a general one that names the page where any number can be looked up.

    :param way: how one signed in: some numbers mean another thing for a person than for an app
    """
    found = _BY_WAY.get(way or "", {}).get(number) or REFUSALS.get(number)
    page = LOOKUP_PAGE.format(number=number)
    return found or Refusal(f"error AADSTS{number}", f"{page} explains it")
