"""RQ's Python API as far as the server's own scripts (host/bench) call it: answered by the sandbox's queues."""
