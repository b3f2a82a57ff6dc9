#!/bin/bash
# Containers may ask the metadata server for names, which it resolves for them, and for nothing else: it hands out the
# machine's identity to whoever reaches it. Docker asks DOCKER-USER before its own rules and leaves what is in it alone, so
# this also runs before Docker starts (the drop-in of steps/docker.sh), when no container can have been quicker.
set -euo pipefail

METADATA_ADDRESS="169.254.169.254"

iptables --wait --new-chain DOCKER-USER 2>/dev/null || true
rule=(--destination "$METADATA_ADDRESS/32" --protocol tcp ! --dport 53 --jump REJECT --reject-with tcp-reset)
iptables --wait --check DOCKER-USER "${rule[@]}" 2>/dev/null || iptables --wait --insert DOCKER-USER 1 "${rule[@]}"
