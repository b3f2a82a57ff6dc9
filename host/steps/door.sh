#!/bin/bash
# The hook host answers as the world will see it: Caddy takes its configuration, has a certificate for the name, and shows
# only what it should. Caddy listens long before it has a certificate, so the port alone says nothing.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment

PORT="${ERPNEXT_DOOR_PORT:-443}"

# No client trusts a certificate of Let's Encrypt's staging; it must still be there.
trust=()
[[ $HOOK_CERTIFICATE == trusted ]] || trust=(--insecure)

# answer_of <path>: the HTTP status, through TLS, at the name that Shopify uses.
answer_of() {
	curl --silent --show-error --max-time 10 --output /dev/null --write-out '%{http_code}' "${trust[@]}" \
		--resolve "$HOOK_HOST:$PORT:127.0.0.1" "https://$HOOK_HOST:$PORT$1"
}

# While this step runs, the state may be "failed" from before: 503 is an answer of the right server all the same.
is_open() {
	local code
	code="$(answer_of /healthz)" && [[ $code == 200 || $code == 503 ]]
}

compose exec -T caddy caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile </dev/null >/dev/null 2>&1 ||
	die "Caddy refuses its configuration: docker compose logs caddy"
if ! retry 40 "${ERPNEXT_RETRY_SECONDS:-10}" is_open; then
	compose logs --no-color --tail 40 caddy 2>/dev/null | grep -o '"error":"[^"]*"' | tail -n 2 || true
	die "https://$HOOK_HOST has no certificate: its DNS record must name this server and its ports 80 and 443 be open"
fi
[[ $(answer_of /) == 404 ]] || die "https://$HOOK_HOST/ answers $(answer_of /) where only the webhook's path may answer"
