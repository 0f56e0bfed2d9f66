"""Names of the example portal lead to this machine, for processes of tests."""

import socket

SYSTEM = socket.getaddrinfo


def getaddrinfo(host, *words, **named):
    """As the system has it; names under cong.example are 127.0.0.1."""
    name = host.decode() if isinstance(host, bytes) else host
    return SYSTEM("127.0.0.1" if str(name).endswith("cong.example") else host, *words, **named)
