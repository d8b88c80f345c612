# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts in mail: who received what, who clicked."""

from __future__ import annotations

from ..hunt import SINCE, UNTIL, URLS, Hunt, Parameter

_MAIL = (
    "Timestamp", "NetworkMessageId", "SenderFromAddress", "SenderMailFromAddress", "SenderIPv4", "RecipientEmailAddress", "Subject", "DeliveryAction",
    "DeliveryLocation", "ThreatTypes",
)

MAIL_FROM = Hunt(
    name="mail_from",
    purpose="Who received mail from these senders",
    parameters=(Parameter("senders", "senders", "Addresses or whole domains of senders."), SINCE, UNTIL),
    tables=("EmailEvents",),
    columns=_MAIL,
    query="""\
EmailEvents
| where Timestamp between (since .. until)
| where SenderFromAddress in~ (senders) or SenderMailFromAddress in~ (senders) or SenderFromDomain in~ (senders) or SenderMailFromDomain in~ (senders)
| project Timestamp, NetworkMessageId, SenderFromAddress, SenderMailFromAddress, SenderIPv4, RecipientEmailAddress, Subject, DeliveryAction,
    DeliveryLocation, ThreatTypes
| order by Timestamp asc
""",
)

MAIL_WITH_URL = Hunt(
    name="mail_with_url",
    purpose="Who received mail that links to these pages",
    parameters=(URLS, SINCE, UNTIL),
    tables=("EmailUrlInfo", "EmailEvents"),
    columns=(*_MAIL, "Url"),
    query="""\
EmailUrlInfo
| where Timestamp between (since .. until)
| where Url has_any (hosts)
| extend Wanted = urls
| mv-expand Wanted to typeof(string)
| where Url startswith Wanted
| distinct NetworkMessageId, Url
| join kind=inner (EmailEvents | where Timestamp between (since .. until)) on NetworkMessageId
| project Timestamp, NetworkMessageId, SenderFromAddress, SenderMailFromAddress, SenderIPv4, RecipientEmailAddress, Subject, DeliveryAction,
    DeliveryLocation, ThreatTypes, Url
| order by Timestamp asc
""",
)

MAIL_WITH_FILE = Hunt(
    name="mail_with_file",
    purpose="Who received mail with these files",
    parameters=(Parameter("hashes", "sha256s", "Files, by SHA-256."), SINCE, UNTIL),
    tables=("EmailAttachmentInfo", "EmailEvents"),
    columns=(*_MAIL, "FileName", "SHA256"),
    query="""\
EmailAttachmentInfo
| where Timestamp between (since .. until)
| where SHA256 in~ (hashes)
| distinct NetworkMessageId, RecipientEmailAddress, FileName, SHA256
| join kind=inner (EmailEvents | where Timestamp between (since .. until)) on NetworkMessageId, RecipientEmailAddress
| project Timestamp, NetworkMessageId, SenderFromAddress, SenderMailFromAddress, SenderIPv4, RecipientEmailAddress, Subject, DeliveryAction,
    DeliveryLocation, ThreatTypes, FileName, SHA256
| order by Timestamp asc
""",
)

URL_CLICKED = Hunt(
    name="url_clicked",
    purpose="Who clicked on links to these pages, and whether they got through",
    parameters=(URLS, SINCE, UNTIL),
    tables=("UrlClickEvents",),
    columns=("Timestamp", "AccountUpn", "Url", "Wanted", "ActionType", "IsClickedThrough", "Workload", "IPAddress", "NetworkMessageId", "ThreatTypes"),
    query="""\
UrlClickEvents
| where Timestamp between (since .. until)
| where Url has_any (hosts) or UrlChain has_any (hosts)
| extend Wanted = urls
| mv-expand Wanted to typeof(string)
| where Url startswith Wanted or UrlChain contains Wanted
| project Timestamp, AccountUpn, Url, Wanted, ActionType, IsClickedThrough, Workload, IPAddress, NetworkMessageId, ThreatTypes
| order by Timestamp asc
""",
)
