"""Runs a command at a pseudo-terminal: what is typed comes from standard input, what it shows goes to standard output."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

LINES, COLUMNS = 50, 200

command, terminal = pty.fork()
if command == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])

watched = [terminal, 0]
while True:
    ready = select.select(watched, [], [])[0]
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # Linux says EIO once the command has ended.
            break
        if not shown:
            break
        os.write(1, shown)
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed:
            os.write(terminal, typed)
        else:
            watched.remove(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
