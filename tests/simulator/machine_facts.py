# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a machine beside its record; it follows from the machine's id, so that it is the same in every run."""

from __future__ import annotations

import datetime as dt
import hashlib
import typing as t

from .catalogue import ADVICE, PRODUCTS, UPDATES, Advice, Product, Update, Weakness
from .clock import moment, stamp

if t.TYPE_CHECKING:
    from .rows import Row
    from .world import World

PEOPLE = ("anna", "bela", "carl", "dora", "emil", "frida", "gero", "hanna", "igor", "jutta")
DOMAIN = "contoso"


def _falls(machine: Row, what: str) -> int:
    """0 to 99, thrown once for each machine and thing."""
    return hashlib.sha256(f"{machine['id']} {what}".encode()).digest()[0] * 100 // 256


def _has(machine: Row, thing: Product | Update | Advice, name: str) -> bool:
    fits = machine["onboardingStatus"] == "Onboarded" and machine["osPlatform"] in thing.platforms
    return fits and _falls(machine, name) < thing.share


def _in_all(world: World, thing: Product | Update | Advice) -> int:
    """On how many machines of the whole tenant, about."""
    return max(1, len(world.machines) * thing.share // 100)


def products(machine: Row) -> list[Product]:
    return [product for product in PRODUCTS if _has(machine, product, product.id)]


def software(world: World, machine: Row) -> list[dict[str, t.Any]]:
    return [
        {
            "id": product.id,
            "name": product.name,
            "vendor": product.vendor,
            "weaknesses": len(product.weaknesses),
            "publicExploit": any(one.exploit for one in product.weaknesses),
            "activeAlert": product.attacked,
            "exposedMachines": _in_all(world, product) if product.weaknesses else 0,
            "impactScore": round(sum(one.score for one in product.weaknesses) * product.share / 1000, 4),
        }
        for product in products(machine)
    ]


def vulnerabilities(world: World, machine: Row) -> list[dict[str, t.Any]]:
    found = {weakness.id: (weakness, product) for product in products(machine) for weakness in product.weaknesses}
    return [_vulnerability(weakness, _in_all(world, product)) for weakness, product in found.values()]


def _vulnerability(weakness: Weakness, exposed: int) -> dict[str, t.Any]:
    published = moment(weakness.published)
    return {
        "id": weakness.id,
        "name": weakness.id,
        "description": weakness.text,
        "severity": weakness.severity,
        "cvssV3": weakness.score,
        "cvssVector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" if weakness.severity == "Critical" else None,
        "exposedMachines": exposed,
        "publishedOn": stamp(published),
        "updatedOn": stamp(published + dt.timedelta(days=3)),
        "publicExploit": weakness.exploit,
        "exploitVerified": weakness.exploit,
        "exploitInKit": False,
        "exploitTypes": ["Local privilege escalation"] if weakness.exploit else [],
        "exploitUris": [f"https://exploits.example/{weakness.id}"] if weakness.exploit else [],
        "cveSupportability": "Supported",
        "epss": weakness.epss,
    }


def recommendations(world: World, machine: Row) -> list[dict[str, t.Any]]:
    updates = [_update(world, product) for product in products(machine) if product.mended_in]
    settings = [_setting(world, advice) for advice in ADVICE if _has(machine, advice, advice.id)]
    return updates + settings


def _recommendation(world: World, about: Product | Advice, **special: t.Any) -> dict[str, t.Any]:
    return {
        "weaknesses": 0,
        "vendor": "microsoft",
        "recommendedVersion": None,
        "recommendedProgram": None,
        "recommendedVendor": None,
        "subCategory": "",
        "publicExploit": False,
        "activeAlert": False,
        "associatedThreats": [],
        "status": "Active",
        "configScoreImpact": 0.0,
        "exposureImpact": 0.0,
        "totalMachineCount": len(world.machines),
        "exposedMachinesCount": _in_all(world, about),
        "nonProductivityImpactedAssets": 0,
        "exposedCriticalDevices": 0,
        **special,
    }


def _update(world: World, product: Product) -> dict[str, t.Any]:
    is_system = product.share == 100
    return _recommendation(
        world,
        product,
        id=f"va-_-{product.id}",
        productName=product.name,
        recommendationName=f"Update {product.title} to version {product.mended_in}",
        weaknesses=len(product.weaknesses),
        vendor=product.vendor,
        recommendedVersion=product.mended_in,
        recommendationCategory="OS" if is_system else "Application",
        severityScore=max(one.score for one in product.weaknesses),
        publicExploit=any(one.exploit for one in product.weaknesses),
        activeAlert=product.attacked,
        remediationType="Update",
        exposureImpact=round(product.share / 50, 2),
        relatedComponent=product.title,
    )


def _setting(world: World, advice: Advice) -> dict[str, t.Any]:
    return _recommendation(
        world,
        advice,
        id=advice.id,
        productName=advice.component.lower(),
        recommendationName=advice.title,
        recommendationCategory=advice.category,
        subCategory=advice.sub_category,
        severityScore=advice.score,
        remediationType="ConfigurationChange",
        configScoreImpact=advice.score,
        relatedComponent=advice.component,
    )


def missing_kbs(world: World, machine: Row) -> list[dict[str, t.Any]]:
    return [
        {
            "id": update.kb,
            "name": update.name,
            "osBuild": update.build,
            "productsNames": list(update.products),
            "url": f"https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB{update.kb}",
            "machineMissedOn": _in_all(world, update),
            "cveAddressed": update.mends,
        }
        for update in UPDATES
        if _has(machine, update, update.kb)
    ]


def logon_users(world: World, machine: Row) -> list[dict[str, t.Any]]:
    """One person, and whoever alerts have seen there; sparser than a user asked for by an alert (the sample)."""
    if machine["onboardingStatus"] != "Onboarded":
        return []
    last = moment(machine["lastSeen"])
    seen = [
        piece["accountName"]
        for alert in world.alerts.find("machineId", machine["id"])
        for piece in alert["evidence"]
        if piece["accountName"]
    ]
    owner = PEOPLE[_falls(machine, "owner") % len(PEOPLE)]
    return [_user(name, last, is_owner=name == owner) for name in dict.fromkeys((owner, *seen))]


def user_of(machine: Row, name: str) -> dict[str, t.Any]:
    """A user as seen on one machine."""
    owner = PEOPLE[_falls(machine, "owner") % len(PEOPLE)]
    most = {"mostPrevalentMachineId": machine["id"], "leastPrevalentMachineId": machine["id"], "logOnMachinesCount": 1}
    return {**_user(name, moment(machine["lastSeen"]), is_owner=name == owner), **most}


def _user(name: str, last: dt.datetime, *, is_owner: bool) -> dict[str, t.Any]:
    return {
        "id": f"{DOMAIN}\\{name}",
        "accountName": name,
        "accountDomain": DOMAIN,
        "firstSeen": stamp(last - dt.timedelta(days=180 if is_owner else 2)),
        "lastSeen": stamp(last - dt.timedelta(minutes=11)),
        "logonTypes": "Interactive" if is_owner else "Network, RemoteInteractive",
        "isDomainAdmin": name.startswith("svc-"),
        "isOnlyNetworkUser": not is_owner,
    }
