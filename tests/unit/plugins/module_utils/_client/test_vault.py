# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we encrypt ansible-vault opens, and the other way round; of a file nothing changes but what is set."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.secops.defender.plugins.module_utils._client import vault
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.vault_file import VaultFile

PASSWORD = b"not-a-secret-of-the-vault"
LIB = VaultLib([("soc", VaultSecret(PASSWORD))])
TEXTS = ["", "a: 1\n", "x" * 16, "defender_client_secret: not-a-secret\n# Größe\n", "y" * 5000]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{len(text)} characters")
@pytest.mark.parametrize("label", [None, "soc"])
def test_ansible_opens_what_we_encrypt(text, label):
    assert LIB.decrypt(vault.encrypt(text, PASSWORD, label)).decode() == text


@pytest.mark.parametrize("text", TEXTS[1:], ids=lambda text: f"{len(text)} characters")
@pytest.mark.parametrize("label", [None, "soc"])
def test_we_open_what_ansible_encrypts(text, label):
    assert vault.decrypt(LIB.encrypt(text, VaultSecret(PASSWORD), vault_id=label), PASSWORD) == (text, label)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (vault.encrypt("a: 1", b"not-a-secret-either"), "not the one it was encrypted with"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n3132\n", "damaged"),
        (b"$ANSIBLE_VAULT;9.9;AES256\n3132\n", "damaged"),
        (b"$ANSIBLE_VAULT\n", "damaged"),
        (LIB.encrypt(b"\xff\xfe", VaultSecret(PASSWORD)), "no text"),
    ],
    ids=["another password", "damaged", "another form", "a header alone", "no text"],
)
def test_what_cannot_be_opened_is_said(content, reason):
    with pytest.raises(vault.NotOpened, match=reason):
        vault.decrypt(content, PASSWORD)


def kept(tmp_path, text: str, label: str | None = None) -> VaultFile:
    path = tmp_path / "defender.yml"
    path.write_bytes(vault.encrypt(text, PASSWORD, label))
    return VaultFile(str(path), PASSWORD)


def content(file: VaultFile) -> str:
    with open(file.path, "rb") as stream:
        return vault.decrypt(stream.read(), PASSWORD).text


def test_one_variable_is_set_and_the_rest_with_its_comments_stays(tmp_path):
    file = kept(tmp_path, "---\n# of the SOC\ntenant: a\nsecret: >-\n  old\n  and long\n\nlast: [1, 2]\n")
    file.write({"secret": 'n"e\\w: #1'})
    assert content(file) == '---\n# of the SOC\ntenant: a\nsecret: "n\\"e\\\\w: #1"\n\nlast: [1, 2]\n'
    assert file.read()["secret"] == 'n"e\\w: #1'


def test_what_is_written_in_one_line_is_written_anew(tmp_path):
    file = kept(tmp_path, '{"tenant": "a", "secret": "old"}')
    file.write({"secret": "new", "client": "b"})
    assert file.read() == {"tenant": "a", "secret": "new", "client": "b"}


def test_a_new_file_is_its_owners_alone(tmp_path):
    file = VaultFile(str(tmp_path / "new.yml"), PASSWORD, "soc")
    file.check_place()
    assert file.read() == {}
    file.write({"secret": "new"})
    assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600
    assert (tmp_path / "new.yml").read_bytes().startswith(b"$ANSIBLE_VAULT;1.2;AES256;soc\n")
    assert LIB.decrypt((tmp_path / "new.yml").read_bytes()) == b'---\nsecret: "new"\n'


def test_the_label_and_a_link_stay(tmp_path):
    file = kept(tmp_path, "secret: old\n", label="soc")
    (tmp_path / "link.yml").symlink_to(file.path)
    VaultFile(str(tmp_path / "link.yml"), PASSWORD).write({"secret": "new"})
    assert (tmp_path / "link.yml").is_symlink() and file.read() == {"secret": "new"}
    assert (tmp_path / "defender.yml").read_bytes().startswith(b"$ANSIBLE_VAULT;1.2;AES256;soc\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a\n", "no variables"),
        ("a: !vault x\n", "more than plain variables"),
        ("a: [", "more than plain variables"),
        ("a: 2026-13-45", "more than plain variables"),
    ],
)
def test_a_file_of_another_kind_is_left_alone(tmp_path, text, reason):
    with pytest.raises(BadInput, match=reason):
        kept(tmp_path, text).write({"secret": "new"})


def test_a_file_in_clear_is_refused(tmp_path):
    (tmp_path / "clear.yml").write_text("secret: not-a-secret\n")
    with pytest.raises(BadInput, match="not encrypted"):
        VaultFile(str(tmp_path / "clear.yml"), PASSWORD).read()


def test_a_folder_that_is_not_there_is_refused_before_there_is_a_secret(tmp_path):
    with pytest.raises(BadInput, match="no folder"):
        VaultFile(str(tmp_path / "none" / "new.yml"), PASSWORD).check_place()


@pytest.mark.parametrize("label", ["a\nb", "a;b", "prod@~/password", "Größe"])
def test_a_label_nobody_could_read_is_refused(tmp_path, label):
    with pytest.raises(BadInput, match="no label"):
        VaultFile(str(tmp_path / "new.yml"), PASSWORD, label).check_place()


def test_of_many_who_set_a_variable_at_once_none_is_lost(tmp_path):
    file = kept(tmp_path, "---\n")
    names = {f"secret_{number}": f"not-a-secret-{number}" for number in range(12)}
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda item: file.write(dict([item])), names.items()))
    assert file.read() == names


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_takes_no_file_away_from_its_owner(tmp_path):
    file = kept(tmp_path, "secret: old\n")
    os.chown(file.path, 1234, 4321)
    file.write({"secret": "new"})
    held = os.stat(file.path)
    assert (held.st_uid, held.st_gid, stat.S_IMODE(held.st_mode)) == (1234, 4321, 0o600)


def test_the_password_is_never_shown():
    assert PASSWORD.decode() not in repr(VaultFile("x", PASSWORD))
