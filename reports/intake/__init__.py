"""Pure readers of what recipients and registries say about themselves: security.txt, RDAP, WHOIS, and outcomes."""
