#!/bin/bash
# Containers may ask the metadata server for names, which it resolves for them, and for nothing else: it hands out the
# machine's identity to anyone who reaches it. The door takes as many connections as Caddy has memory for, of one address a
# share of them. Docker asks DOCKER-USER before its own rules and leaves what is in it alone, so this also runs
# before Docker starts (the drop-in of steps/docker.sh), when no container can have been quicker.
set -euo pipefail

METADATA_ADDRESS="169.254.169.254"
# Around compose.yaml's networks: what its containers ask of others is not the door's.
CONTAINERS="172.30.0.0/16"
# Connections at once, each of which may hold half a body: Caddy has 512 MB. Shopify's deliveries are over in a moment.
MOST_CONNECTIONS=1500
MOST_OF_ONE_ADDRESS=100
# New connections of one address: Shopify sends from a few addresses, and makes one for each delivery.
MOST_A_SECOND=200
BURST=400

iptables --wait --new-chain DOCKER-USER 2>/dev/null || true

# rule <position> <rule…>: into the chain, unless it is there.
rule() {
	iptables --wait --check DOCKER-USER "${@:2}" 2>/dev/null || iptables --wait --insert DOCKER-USER "$@"
}

rule 1 --destination "$METADATA_ADDRESS/32" --protocol tcp ! --dport 53 --jump REJECT --reject-with tcp-reset
door=(! --source "$CONTAINERS" --protocol tcp --dport 443 --syn)
rule 2 "${door[@]}" --match connlimit --connlimit-above "$MOST_OF_ONE_ADDRESS" --connlimit-mask 32 --connlimit-saddr --jump DROP
rule 3 "${door[@]}" --match connlimit --connlimit-above "$MOST_CONNECTIONS" --connlimit-mask 0 --connlimit-saddr --jump DROP
rule 4 "${door[@]}" --match hashlimit --hashlimit-above "$MOST_A_SECOND/second" --hashlimit-burst "$BURST" --hashlimit-mode srcip \
	--hashlimit-name erpnext-door --jump DROP
