"""A board that talks at one rate on a pseudo-terminal: whoever listens at another hears what a UART would make of it.

uart-board.py RATE PATH: PATH will be the board's serial port. Lines on stdin: "on", "off".
"""

import os
import sys
import termios
import threading
import tty

rate, path = int(sys.argv[1]), sys.argv[2]
words = b"".join(
    b"\r\nU-Boot 2025.01 (Jan 01 2025 - 00:00:00 +0000) line %d of what a board says when it starts\r\n" % line
    for line in range(8)
)
rates = {
    getattr(termios, name): int(name[1:])
    for name in dir(termios)
    if name[0] == "B" and name[1:].isdigit()
}


def heard_at(own, sent):
    """What a receiver at another rate reads: it samples the line in the middle of each of its own bits."""
    if own == rate:
        return sent
    line = [1] * 20
    for byte in sent:
        line += [0] + [(byte >> bit) & 1 for bit in range(8)] + [1]
    line += [1] * 20
    step = rate / own
    heard, at = bytearray(), 0.0
    while at < len(line) - 10 * step - 1:
        if line[int(at)] == 1:
            at += min(step, 1.0) / 4
            continue
        bits = [line[int(at + (index + 1.5) * step)] for index in range(8)]
        heard.append(sum(bit << index for index, bit in enumerate(bits)))
        at += 9.5 * step
    return bytes(heard)


master, slave = os.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), path)
threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(master, 1024), b"")], daemon=True).start()
print("ready", flush=True)
for order in sys.stdin:
    if order.strip() == "on":
        own = rates.get(termios.tcgetattr(slave)[5], 0)
        os.write(master, heard_at(own or rate, words))
