# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Software that machines of a world may have, its weaknesses, and the updates that mend them: all made up."""

from __future__ import annotations

from dataclasses import dataclass

CLIENTS = ("Windows10", "Windows11")
SERVERS = ("WindowsServer2012R2", "WindowsServer2016", "WindowsServer2019", "WindowsServer2022", "WindowsServer2025")
WINDOWS = (*CLIENTS, *SERVERS)
LINUX = ("Linux",)


@dataclass(frozen=True)
class Weakness:
    id: str
    severity: str
    score: float
    published: str
    text: str
    exploit: bool = False
    epss: float = 0.02


@dataclass(frozen=True)
class Product:
    """``share`` of the machines of its platforms have it, in percent."""

    vendor: str
    name: str
    title: str
    platforms: tuple[str, ...]
    share: int
    weaknesses: tuple[Weakness, ...] = ()
    mended_in: str | None = None
    attacked: bool = False

    @property
    def id(self) -> str:
        return f"{self.vendor}-_-{self.name}"


@dataclass(frozen=True)
class Update:
    """One that machines of its platforms miss, ``share`` of them."""

    kb: str
    name: str
    products: tuple[str, ...]
    platforms: tuple[str, ...]
    share: int
    build: int
    mends: int


@dataclass(frozen=True)
class Advice:
    """A setting that should be another, on ``share`` of the machines of its platforms."""

    id: str
    title: str
    category: str
    sub_category: str
    component: str
    platforms: tuple[str, ...]
    share: int
    score: float


def _remote(number: str, title: str, published: str, **more: object) -> Weakness:
    return Weakness(f"CVE-{number}", "Critical", 9.8, published, f"{title}: code can be run from afar.", **more)  # type: ignore[arg-type]


def _local(number: str, title: str, published: str, severity: str = "High", score: float = 7.8) -> Weakness:
    return Weakness(f"CVE-{number}", severity, score, published, f"{title}: rights can be raised on the machine.")


PRODUCTS = (
    Product(
        "microsoft", "windows_11", "Windows 11", ("Windows11",), 100, attacked=True,
        weaknesses=(
            _local("2026-91001", "Windows kernel", "2026-10-13T00:00:00Z"),
            _remote("2026-91002", "Windows printing", "2026-10-13T00:00:00Z", exploit=True, epss=0.91),
        ),
        mended_in="10.0.22631.6199",
    ),
    Product(
        "microsoft", "windows_10", "Windows 10", ("Windows10",), 100,
        weaknesses=(_local("2026-91001", "Windows kernel", "2026-10-13T00:00:00Z"),), mended_in="10.0.19045.6575",
    ),
    Product(
        "microsoft", "windows_server", "Windows Server", SERVERS, 100,
        weaknesses=(_remote("2026-91003", "Windows name service", "2026-09-08T00:00:00Z", epss=0.4),), mended_in="10.0.20348.4297",
    ),
    Product("microsoft", "edge_chromium-based", "Edge", WINDOWS, 95),
    Product(
        "microsoft", "office", "Office", CLIENTS, 85,
        weaknesses=(_remote("2026-91010", "Word documents", "2026-08-11T00:00:00Z", exploit=True, epss=0.62),),
        mended_in="16.0.19328.20244",
    ),
    Product(
        "google", "chrome", "Chrome", CLIENTS, 60,
        weaknesses=(
            Weakness("CVE-2026-92001", "High", 8.8, "2026-11-03T00:00:00Z", "Chrome pages can leave their cage.", exploit=True, epss=0.33),
            Weakness("CVE-2026-92002", "Medium", 6.5, "2026-11-03T00:00:00Z", "Chrome pages can read those of others."),
        ),
        mended_in="142.0.7444.175",
    ),
    Product(
        "git-scm", "git", "Git", CLIENTS, 20,
        weaknesses=(Weakness("CVE-2026-93001", "Medium", 4.3, "2026-05-12T00:00:00Z", "Git follows a link it should not."),),
        mended_in="2.51.2",
    ),
    Product("7-zip", "7-zip", "7-Zip", WINDOWS, 40),
    Product(
        "canonical", "ubuntu_linux", "Ubuntu Linux", LINUX, 100,
        weaknesses=(_local("2026-94001", "Linux kernel", "2026-07-21T00:00:00Z", "Medium", 5.5),), mended_in="5.15.0-161",
    ),
    Product(
        "openbsd", "openssh", "OpenSSH", LINUX, 100,
        weaknesses=(_remote("2026-94002", "OpenSSH server", "2026-06-30T00:00:00Z", exploit=True, epss=0.77),), mended_in="10.2p1",
    ),
    Product("nginx", "nginx", "nginx", LINUX, 50),
)

UPDATES = (
    Update("5068861", "November 2026 Security Updates", ("windows_11",), ("Windows11",), 40, 22631, 2),
    Update("5068781", "November 2026 Security Updates", ("windows_10",), ("Windows10",), 50, 19045, 1),
    Update("5066782", "October 2026 Security Updates", ("windows_server",), SERVERS, 45, 20348, 1),
)

ADVICE = (
    Advice("sca-_-scid-2500", "Block Office from creating child processes", "SecurityControls", "Attack surface", "Windows", CLIENTS, 55, 6.0),
    Advice("sca-_-scid-2010", "Turn on real-time protection", "SecurityControls", "Antivirus", "Windows", WINDOWS, 5, 9.0),
    Advice("sca-_-scid-91", "Disable SMBv1", "Network", "", "Windows", SERVERS, 30, 7.0),
    Advice("sca-_-scid-6093", "Turn on tamper protection", "SecurityControls", "Antivirus", "Linux", LINUX, 50, 8.0),
)
