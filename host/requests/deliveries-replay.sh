#!/bin/bash
# Forwards deliveries again: {"failed": true}, {"order": "<Shopify's id>"} or {"since": "<RFC 3339>"}. Its last word is {"replayed": <number>}.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

mapfile -t arguments < <(jq -r '(if .failed == true then "--failed" else empty end),
	(if .order then "--order=\(.order)" else empty end), (if .since then "--since=\(.since)" else empty end)')
load_environment
deliveries replay "${arguments[@]}"
