# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail with which an incident began: who was sent it, what was in it, who clicked."""

from __future__ import annotations

import datetime as dt
import typing as t
from urllib.parse import urlsplit

from ..clock import moment
from ..machine_facts import logon_users
from ..worlds.records import guid
from .rows import DOMAIN, Cells, Told

if t.TYPE_CHECKING:
    from ..rows import Row
    from ..world import World

MINUTE = dt.timedelta(minutes=1)
PHISHING = "T1566"
OTHERS = 5
"""Who else was sent the mail, from the users of the first machines."""


def told(world: World, alert: Row, machines: t.Sequence[Row]) -> Told:
    """Nothing when no mail is behind the alert."""
    url = next((piece["url"] for piece in alert["evidence"] if piece["url"]), None)
    file = next((piece for piece in alert["evidence"] if piece["entityType"] == "File"), None)
    opened = next((piece["accountName"] for piece in alert["evidence"] if piece["accountName"]), None)
    if not (url and file and opened and any(one.startswith(PHISHING) for one in alert["mitreTechniques"])):
        return []
    users = (user["accountName"] for machine in machines for user in logon_users(world, machine))
    everyone = list(dict.fromkeys([opened, *(name for name in users if not name.startswith("svc-") and name.isalpha())]))[: OTHERS + 1]
    at = moment(alert["alertCreationTime"]) - 40 * MINUTE
    host = urlsplit(url).hostname or ""
    rows: Told = [row for place, name in enumerate(everyone) for row in _received(name, at, host, url, file, was_caught=place > 2)]
    click = {**_click(opened, at + 35 * MINUTE, url, host), "ActionType": "ClickAllowed", "IsClickedThrough": False}
    rows.append(("UrlClickEvents", click))
    if len(everyone) > 1:
        blocked = {**_click(everyone[1], at + 52 * MINUTE, url, host), "ActionType": "ClickBlocked", "IsClickedThrough": False, "ThreatTypes": "Phish"}
        rows.append(("UrlClickEvents", blocked))
    return rows


def _message(name: str, host: str) -> Cells:
    return {"NetworkMessageId": guid(f"message to {name} from {host}")}


def _received(name: str, at: dt.datetime, host: str, url: str, file: Row, *, was_caught: bool) -> Told:
    domain = host.partition(".")[2]
    sender = f"billing@{domain}"
    to = {**_message(name, host), "Timestamp": at, "SenderFromAddress": sender, "RecipientEmailAddress": f"{name}@{DOMAIN}.com",
          "RecipientObjectId": guid(f"user {name}"), "ReportId": guid(f"mail to {name} from {host}")}
    threat = {"ThreatTypes": "Phish", "DetectionMethods": '{"Phish":["URL detonation reputation"]}'} if was_caught else {}
    action, place = ("Junked", "Junk folder") if was_caught else ("Delivered", "Inbox/folder")
    delivery = {"DeliveryAction": action, "DeliveryLocation": place}
    number = file["fileName"].partition("-")[2].partition(".")[0]
    mail = {**to, **threat, **delivery, "Subject": f"Invoice {number}", "SenderMailFromAddress": sender, "SenderFromDomain": domain,
            "SenderMailFromDomain": domain, "SenderDisplayName": "Billing", "SenderIPv4": "203.0.113.25", "EmailDirection": "Inbound",
            "AttachmentCount": 1, "UrlCount": 1, "EmailClusterId": 2629759514, "InternetMessageId": f"<{number}.{name}@{domain}>",
            "LatestDeliveryAction": delivery["DeliveryAction"], "LatestDeliveryLocation": delivery["DeliveryLocation"], "EmailLanguage": "en"}
    attached = {**to, "SenderDisplayName": "Billing", "FileName": file["fileName"], "FileType": "docm", "SHA256": file["sha256"], "FileSize": 48213}
    link = {key: to[key] for key in ("NetworkMessageId", "Timestamp", "ReportId")} | {"Url": url, "UrlDomain": host, "UrlLocation": "Body"}
    return [("EmailEvents", mail), ("EmailAttachmentInfo", attached), ("EmailUrlInfo", link)]


def _click(name: str, at: dt.datetime, url: str, host: str) -> Cells:
    return {**_message(name, host), "Timestamp": at, "Url": url, "AccountUpn": f"{name}@{DOMAIN}.com", "Workload": "Email", "IPAddress": "203.0.113.40",
            "UrlChain": f'["{url}"]', "ReportId": guid(f"click of {name} on {url}")}
