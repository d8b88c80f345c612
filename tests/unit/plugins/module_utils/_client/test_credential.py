# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates come in many forms; each is used, or refused with the reason."""

from __future__ import annotations

import types
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.credential import credential_of, material_of
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from unit.plugins.module_utils._client import certificates as made
from unit.plugins.module_utils._client.identity import NOW, SECRET, encode, some_settings

PASSPHRASE = made.PASSPHRASE


@pytest.fixture(scope="module")
def key():
    return made.an_rsa_key()


@pytest.fixture(scope="module")
def certificate(key):
    return made.a_certificate(key)


@pytest.fixture(scope="module")
def stranger():
    return made.an_rsa_key()


@pytest.fixture
def settings_for(tmp_path):
    def write(content: bytes, key_content: bytes | None = None, passphrase: str | None = None):
        (tmp_path / "app").write_bytes(content)
        if key_content is not None:
            (tmp_path / "key").write_bytes(key_content)
        return some_settings(
            client_secret=None,
            certificate_path=str(tmp_path / "app"),
            certificate_key_path=str(tmp_path / "key") if key_content is not None else None,
            certificate_passphrase=passphrase,
        )

    return write


def opens(settings, key, certificate):
    """Whether MSAL gets this key, in the clear, and this certificate, and never a thumbprint."""
    for_msal = credential_of(settings).for_msal
    assert set(for_msal) == {"private_key", "public_certificate"}
    got = serialization.load_pem_private_key(for_msal["private_key"].encode(), None)
    return got.private_numbers() == key.private_numbers() and for_msal["public_certificate"].encode() == made.pem_of_certificate(certificate)


def test_a_secret_is_taken_as_it_is():
    assert credential_of(some_settings()).for_msal == SECRET
    assert SECRET not in repr(credential_of(some_settings()))


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_pem_file_with_both_in_any_order(settings_for, key, certificate, form, passphrase):
    parts = [made.pem_of_key(key, passphrase, form), made.pem_of_certificate(certificate)]
    assert opens(settings_for(b"".join(parts), passphrase=passphrase), key, certificate)
    assert opens(settings_for(b"Bag Attributes\n" + b"".join(reversed(parts)), passphrase=passphrase), key, certificate)


def test_a_pem_file_with_the_key_apart(settings_for, key, certificate):
    assert opens(settings_for(made.pem_of_certificate(certificate), made.pem_of_key(key)), key, certificate)
    assert opens(settings_for(made.pem_of_certificate(certificate), made.pem_of_key(key, PASSPHRASE), PASSPHRASE), key, certificate)


def test_a_chain_in_which_ours_is_not_the_first(settings_for, key, certificate, stranger):
    chain = made.pem_of_certificate(made.a_certificate(stranger)) + made.pem_of_certificate(certificate)
    assert opens(settings_for(made.pem_of_key(key) + chain), key, certificate)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_pfx_file(settings_for, key, certificate, passphrase):
    assert opens(settings_for(made.pfx_of(key, certificate, passphrase), passphrase=passphrase), key, certificate)


def test_a_passphrase_that_is_not_needed_does_no_harm(settings_for, key, certificate):
    assert opens(settings_for(made.pem_of_key(key) + made.pem_of_certificate(certificate), passphrase=PASSPHRASE), key, certificate)


def test_the_certificate_is_shown_as_the_portal_shows_it(settings_for, key, certificate):
    shown = credential_of(settings_for(made.pem_of_key(key) + made.pem_of_certificate(certificate))).shown
    assert shown == f"The certificate used here has thumbprint {certificate.fingerprint(hashes.SHA1()).hex().upper()}, valid until 2028-01-01T00:00:00Z"


def a_chain(key, names=("responder", "issuing", "root")):
    """Certificates of which each is issued by the next, the last by itself."""
    subjects = [*names, names[-1]]
    return [made.a_certificate(key if number == 0 else made.an_elliptic_key(), name, subjects[number + 1]) for number, name in enumerate(names)]


def sent_of(settings):
    """The certificates that MSAL is given to send, by name."""
    sent = x509.load_pem_x509_certificates(credential_of(settings).for_msal["public_certificate"].encode())
    return [certificate.subject.rfc4514_string() for certificate in sent]


@pytest.mark.parametrize("form", ["pem", "pfx"])
def test_the_chain_is_sent_when_it_is_asked_for_from_the_app_s_own_upwards(settings_for, key, stranger, form):
    mine, issuing, root = a_chain(key)
    others = [root, made.a_certificate(stranger, "somebody else"), issuing]
    content = {
        "pem": made.pem_of_key(key) + b"".join(map(made.pem_of_certificate, [*others, mine])),
        "pfx": made.pfx_of(key, mine, PASSPHRASE, chain=others),
    }[form]
    settings = settings_for(content, passphrase=PASSPHRASE)
    assert sent_of(settings) == ["CN=responder"]
    assert sent_of(replace(settings, certificate_send_chain=True)) == ["CN=responder", "CN=issuing", "CN=root"]


def test_a_chain_that_goes_in_circles_ends(settings_for, key):
    mine, issuing = made.a_certificate(key, "responder", "issuing"), made.a_certificate(made.an_elliptic_key(), "issuing", "responder")
    settings = settings_for(made.pem_of_key(key) + made.pem_of_certificate(mine) + made.pem_of_certificate(issuing))
    assert sent_of(replace(settings, certificate_send_chain=True)) == ["CN=responder", "CN=issuing"]


FEDERATED = encode(
    {"iss": "https://token.actions.githubusercontent.com", "sub": "repo:contoso/soc:ref:refs/heads/main", "aud": ["api://AzureADTokenExchange"], "exp": NOW}
)


def test_a_federated_token_is_what_msal_asserts_and_its_claims_are_shown(tmp_path):
    (tmp_path / "token").write_text(FEDERATED + "\n")
    for given in ({"federated_token": FEDERATED}, {"federated_token_path": str(tmp_path / "token")}):
        settings = some_settings(client_secret=None, **given)
        credential = credential_of(settings)
        assert credential.for_msal["client_assertion"]() == FEDERATED
        assert credential.shown == (
            "The federated token used here has issuer https://token.actions.githubusercontent.com, subject repo:contoso/soc:ref:refs/heads/main, "
            "audience api://AzureADTokenExchange, and ends at 2026-11-25T09:46:40Z"
        )
        assert FEDERATED not in repr(credential) + repr(settings)
        assert material_of(settings) == b"federated\0" + FEDERATED.encode()


def test_a_federated_token_is_read_anew_each_time(tmp_path):
    settings = some_settings(client_secret=None, federated_token_path=str(tmp_path / "token"))
    (tmp_path / "token").write_text(FEDERATED)
    credential_of(settings)
    (tmp_path / "token").write_text(encode({"iss": "another"}))
    assert "issuer another, subject nothing, audience nothing, and ends at no time that it tells" in credential_of(settings).shown


@pytest.mark.parametrize("content", ["", "not-a-token", "a.b.c", FEDERATED[:-200]])
def test_what_is_no_federated_token_is_refused_by_the_name_of_its_option(tmp_path, content):
    (tmp_path / "token").write_text(content)
    with pytest.raises(BadInput, match="federated_token_path .*/token holds no JSON Web Token") as refused:
        credential_of(some_settings(client_secret=None, federated_token_path=str(tmp_path / "token")))
    assert not content or content not in refused.value.sentence()


def test_a_machine_and_a_person_bring_no_secret():
    for given in ({"device_code": True}, {"managed_identity": "system", "client_id": None}):
        settings = some_settings(client_secret=None, **given)
        assert credential_of(settings).for_msal is None and material_of(settings) is None


WRONG = "not-the-passphrase"
REFUSED = {
    "holds no private key": lambda it: (it.pem, None, None),
    "holds no certificate": lambda it: (it.pem_key, None, None),
    "key holds no private key": lambda it: (it.pem, it.pem, None),
    "do not belong together": lambda it: (it.pem, made.pem_of_key(it.stranger), None),
    "is encrypted. Give certificate_passphrase": lambda it: (it.pem, it.locked, None),
    "certificate_passphrase is wrong": lambda it: (it.pem, it.locked, WRONG),
    "key is encrypted. Give certificate_passphrase": lambda it: (it.pem, it.locked_old_style, None),
    "cannot be opened. certificate_passphrase is wrong": lambda it: (it.pem, it.locked_old_style, WRONG),
    "cannot be opened. The file is damaged": lambda it: (it.pem, it.pem_key[:200] + it.pem_key[400:], None),
    "cannot be read. The file is damaged": lambda it: (it.pem[:200] + it.pem[300:], it.pem_key, None),
    "cannot be opened. Give certificate_passphrase": lambda it: (it.locked_pfx, None, None),
    "app cannot be opened. certificate_passphrase is wrong": lambda it: (it.locked_pfx, None, WRONG),
    "leave certificate_key_path out": lambda it: (it.locked_pfx, it.pem_key, PASSPHRASE),
    "does not hold both": lambda it: (made.pfx_of(None, it.certificate), None, None),
    "is not an RSA key": lambda it: (it.elliptic_pem, None, None),
    "is neither PEM nor PFX": lambda it: (it.certificate.public_bytes(serialization.Encoding.DER), None, None),
    "is neither PEM nor PFX. Give a PEM file": lambda it: (b"", None, None),
}


@pytest.fixture(scope="module")
def it(key, certificate, stranger):
    """What users bring."""
    elliptic = made.an_elliptic_key()
    return types.SimpleNamespace(
        certificate=certificate,
        stranger=stranger,
        pem=made.pem_of_certificate(certificate),
        pem_key=made.pem_of_key(key),
        locked=made.pem_of_key(key, PASSPHRASE),
        locked_old_style=made.pem_of_key(key, PASSPHRASE, "TraditionalOpenSSL"),
        locked_pfx=made.pfx_of(key, certificate, PASSPHRASE),
        elliptic_pem=made.pem_of_key(elliptic) + made.pem_of_certificate(made.a_certificate(elliptic)),
    )


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(settings_for, it, said):
    settings = settings_for(*REFUSED[said](it))
    with pytest.raises(BadInput) as refused:
        credential_of(settings)
    sentence = refused.value.sentence()
    assert said in sentence and ("/app" in sentence or "/key" in sentence)
    assert not any(secret in sentence for secret in (PASSPHRASE, WRONG, "PRIVATE KEY"))


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path):
    for path, said in ((tmp_path / "gone.pem", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(BadInput) as refused:
            credential_of(some_settings(client_secret=None, certificate_path=str(path)))
        assert f"certificate_path {path} cannot be read: {said}" in refused.value.msg


def test_a_secret_and_a_file_of_the_same_bytes_are_strangers(settings_for):
    assert material_of(settings_for(SECRET.encode())) != material_of(some_settings())


def test_where_one_file_ends_and_the_next_begins_matters(settings_for):
    assert material_of(settings_for(b"ab", b"c")) != material_of(settings_for(b"a", b"bc"))
