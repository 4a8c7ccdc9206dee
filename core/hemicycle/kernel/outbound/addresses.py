"""Which addresses are public: decided on the number that is connected to, never on the text of a name."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

NEVER = [
    ip_network(one)
    for one in (
        # The registries call these global, or disagree between versions of Python; behind each may be our own network.
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3",
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10",
        "ff00::/8",
    )
]  # fmt: skip
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def public(address: str) -> bool:
    """Whether this address (as the resolver gives it) is one of the public internet."""
    found = ip_address(address.partition("%")[0])
    if "%" in address:  # a zone: link-local by nature
        return False
    inner = _inner(found)
    if inner is not None and not public(str(inner)):
        return False
    mapped = isinstance(found, IPv6Address) and found.ipv4_mapped is not None
    if mapped or (isinstance(found, IPv6Address) and found in TRANSLATED):
        return True  # as public as the address inside, which was just looked at
    return found.is_global and not any(found in one for one in NEVER if one.version == found.version)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one carries: mapped, translated (NAT64), or tunnelled (6to4)."""
    if not isinstance(address, IPv6Address):
        return None
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
