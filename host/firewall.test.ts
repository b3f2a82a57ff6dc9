import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { HOST } from "./test/sandbox";

/** What is missing: root, util-linux, iproute2, iptables, or a kernel that lets root have a network of its own. */
function trouble(): string | undefined {
  const program = "iptables --wait --list && ip link && python3 --version";
  const { error, status, stderr } = spawnSync("unshare", ["--net", "--mount", "bash", "-c", program], {
    encoding: "utf8",
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

const reason = trouble();
if (reason !== undefined) {
  process.stderr.write(`SKIPPED the tests of host/firewall.sh: ${reason}\n`);
}
const withNamespace = reason === undefined ? describe : describe.skip;

/**
 * Runs lines of bash on a router that stands for the server, with Docker's own way of asking DOCKER-USER before it forwards.
 * Behind it are a container (172.30.0.2) and on its other side a network where 169.254.169.254 and 203.0.113.7 answer on
 * every port that is asked for here.
 */
function onServer(lines: string): { code: number | null; output: string } {
  const program = `
set -euo pipefail
mount -t tmpfs none /run && mkdir -p /run/netns
ip netns add container && ip netns add outside
ip link set lo up
for pair in "container 172.30.0.1/24 172.30.0.2/24 172.30.0.1" "outside 10.0.0.1/24 10.0.0.2/24 10.0.0.1"; do
  read -r name near far gateway <<<"$pair"
  ip link add "to-$name" type veth peer name eth0 netns "$name"
  ip addr add "$near" dev "to-$name" && ip link set "to-$name" up
  ip -n "$name" addr add "$far" dev eth0 && ip -n "$name" link set eth0 up && ip -n "$name" link set lo up
  ip -n "$name" route add default via "$gateway"
done
ip -n outside addr add 169.254.169.254/32 dev lo && ip -n outside addr add 203.0.113.7/32 dev lo
ip route add 169.254.169.254/32 via 10.0.0.2 && ip route add 203.0.113.7/32 via 10.0.0.2
sysctl -qw net.ipv4.ip_forward=1
ip netns exec outside python3 -c '
import socket, threading
def udp(s):
    while True:
        data, who = s.recvfrom(512); s.sendto(data, who)
kept = []
for port in (53, 80, 443, 8080):
    s = socket.socket(); kept.append(s); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("", port)); s.listen(500)
for address in ("169.254.169.254", "203.0.113.7"):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((address, 53))
    threading.Thread(target=udp, args=(s,)).start()
print("ready", flush=True)
' >/run/ready &
until grep -q ready /run/ready 2>/dev/null; do sleep 0.05; done
# reach <tcp|udp> <address> <port>: from the container
reach() {
  ip netns exec container python3 -c '
import socket, sys
kind, address, port = sys.argv[1:]
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM); s.settimeout(3)
try:
    s.connect((address, int(port)))
    if kind == "udp": s.send(b"?"); s.recv(9)
    print("open", end=" ")
except ConnectionRefusedError: print("refused", end=" ")
except OSError as error: print(error, end=" ")
' "$@"
}
# What dockerd does once it runs: it makes the chain unless it is there, and asks it first.
docker_starts() {
  iptables --wait --new-chain DOCKER-USER 2>/dev/null || true
  iptables --wait --insert FORWARD 1 --jump DOCKER-USER
}
firewall() { bash "${join(HOST, "firewall.sh")}"; }
${lines}
kill %1`;
  const run = spawnSync("timeout", ["40", "unshare", "--net", "--mount", "--pid", "--fork", "bash", "-c", program], {
    encoding: "utf8",
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

/** Past the metadata's wall: what the door takes, of one address, of all, and of one address in a second. */
const DOOR = [
  "connlimit --connlimit-above 100 --connlimit-mask 32 --connlimit-saddr -j DROP",
  "connlimit --connlimit-above 1500 --connlimit-mask 0 --connlimit-saddr -j DROP",
  "hashlimit --hashlimit-above 200/sec --hashlimit-burst 400 --hashlimit-mode srcip --hashlimit-name erpnext-door -j DROP",
].map(
  (limit) => `-A DOCKER-USER ! -s 172.30.0.0/16 -p tcp -m tcp --dport 443 --tcp-flags FIN,SYN,RST,ACK SYN -m ${limit}`,
);

withNamespace("containers behind host/firewall.sh", () => {
  it("get names and nothing else from the metadata server, and everything from everyone else", () => {
    const asked = "reach tcp 169.254.169.254 80; reach tcp 169.254.169.254 443; reach tcp 169.254.169.254 8080";
    const names = "reach tcp 169.254.169.254 53; reach udp 169.254.169.254 53";
    const others = "reach tcp 203.0.113.7 80; reach tcp 203.0.113.7 443; reach udp 203.0.113.7 53";
    const outcome = onServer(`docker_starts; ${asked}; echo; firewall; ${asked}; echo; ${names}; echo; ${others}`);
    expect(outcome).toEqual({
      code: 0,
      output: "open open open \nrefused refused refused \nopen open \nopen open open ",
    });
  }, 60_000);

  it("find the wall there when Docker comes after it, once, however often it was built", () => {
    const outcome = onServer(`firewall; firewall; docker_starts; firewall
      iptables --wait --list-rules DOCKER-USER; reach tcp 169.254.169.254 80`);
    expect(outcome).toEqual({
      code: 0,
      output: [
        "-N DOCKER-USER",
        "-A DOCKER-USER -d 169.254.169.254/32 -p tcp -m tcp ! --dport 53 -j REJECT --reject-with tcp-reset",
        ...DOOR,
        "refused ",
      ].join("\n"),
    });
  }, 60_000);

  it("keep what someone else wrote into the chain, behind the wall", () => {
    const outcome = onServer(`docker_starts; iptables --wait --append DOCKER-USER --jump ACCEPT; firewall
      iptables --wait --list-rules DOCKER-USER | tail -n 1; reach tcp 169.254.169.254 80`);
    expect(outcome).toEqual({ code: 0, output: "-A DOCKER-USER -j ACCEPT\nrefused " });
  }, 60_000);
});

withNamespace("the door behind host/firewall.sh", () => {
  /** As many connections as are asked for, from a side of the router; prints how many were made. */
  const FLOOD = `
flood() { # <namespace> <address> <how many>
  ip netns exec "$1" python3 -c '
import resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
waiting = []
for _ in range(int(sys.argv[2])):
    s = socket.socket(); s.setblocking(False); s.connect_ex((sys.argv[1], 443)); waiting.append(s)
import time; time.sleep(0.7)
made = 0
for s in waiting:
    try: s.getpeername(); made += 1
    except OSError: pass
print(made, end=" ")
' "$2" "$3"
}
ip netns exec container python3 -c '
import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("", 443)); s.listen(1000); time.sleep(30)' &
sleep 0.5
`;

  it("takes a hundred connections of one address at once, and containers may make more of their own", () => {
    const outcome = onServer(`${FLOOD} docker_starts; firewall
      flood outside 172.30.0.2 150; flood container 203.0.113.7 150; kill %3 2>/dev/null || true`);
    expect(outcome).toEqual({ code: 0, output: "100 150 " });
  }, 60_000);
});
