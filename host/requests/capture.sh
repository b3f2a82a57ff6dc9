#!/bin/bash
# Looks at the signature of the next delivery, at the door: {"seconds": <1 to 540>}. While the file `open` is there, Caddy hands
# deliveries to bench/capture.py, which hands them on as they came; it goes by the file alone, so nothing is restarted. What came
# is told without its content: /healthz is public.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

seconds="$(jq -r '.seconds // empty | tostring')"
[[ $seconds =~ ^[1-9][0-9]{0,2}$ && $seconds -le 540 ]] || die "\"seconds\" is a whole number from 1 to 540"

finish() {
	rm -f "$CAPTURE_DIR/open"
}

load_environment
trap finish EXIT
trap 'exit 143' TERM INT
mkdir -p "$CAPTURE_DIR"
secrets_json shopify-api-secret |
	site_python capture "SECONDS=$seconds" "LISTEN=0.0.0.0:8082" "FORWARD=frontend:8080" |
	while IFS= read -r line; do
		case "$line" in
		listening) : >"$CAPTURE_DIR/open" ;;
		*)
			finish
			log "$line"
			;;
		esac
	done
