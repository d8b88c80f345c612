# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's own certificate authority, and its server certificate for the names of this machine."""

from __future__ import annotations

import ssl

import trustme

from .certificates import Folder, write_private

NAMES = ("localhost", "127.0.0.1", "::1")


def ca_path(folder: Folder) -> str:
    return str(folder.path / "ca.pem")


def server_context(folder: Folder) -> ssl.SSLContext:
    """Ready for a server; the authority is kept, so that clients' ``ca_path`` stays good over a restart."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _authority(folder).issue_cert(*NAMES).configure_cert(context)
    return context


def _authority(folder: Folder) -> trustme.CA:
    certificate, key = folder.path / "ca.pem", folder.path / "ca.key"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    made = trustme.CA(organization_name="Simulator of secops.defender")
    write_private(key, made.private_key_pem.bytes())
    write_private(certificate, made.cert_pem.bytes())
    return made
