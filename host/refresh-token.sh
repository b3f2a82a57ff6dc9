#!/bin/bash
# A Dev-Dashboard app has no lasting token: each lives 24 hours (shopify.dev, get-api-access-tokens). This fetches a new one
# by the client credentials grant and puts it where the connector reads it, and into memory for subscriptions.sh; the timer does so
# every eight hours, so two tries may fail. Nothing of it is an argument, a file on disk or a line in a log.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/stack.sh"

SHOPIFY_URL="${ERPNEXT_SHOPIFY_URL:-}"

# Shopify answers in JSON, or with a page when the app is not installed.
request_token() {
	curl --silent --show-error --fail-with-body --max-time 30 --header "Accept: application/json" \
		--data grant_type=client_credentials \
		--data-urlencode "client_id@$SECRETS_DIR/shopify-client-id" \
		--data-urlencode "client_secret@$SECRETS_DIR/shopify-api-secret" \
		"${SHOPIFY_URL:-https://$SHOP_DOMAIN}/admin/oauth/access_token"
}

refresh() {
	local answer attempt
	for attempt in 1 2 3 4; do
		if answer="$(request_token)" && jq -e '.access_token | type == "string" and length > 0' <<<"$answer" >/dev/null 2>&1; then
			jq -c '{ access_token }' <<<"$answer" | site_python shopify-token
			(umask 0377 && rm -f "$SECRETS_DIR/.token" && jq -j .access_token <<<"$answer" >"$SECRETS_DIR/.token")
			mv -T "$SECRETS_DIR/.token" "$SECRETS_DIR/shopify-access-token"
			status_facts "$(jq -n --arg now "$(now)" '{ token: { refreshedAt: $now } }')"
			log "the connector has a new token, good for $(jq -r .expires_in <<<"$answer") s"
			return
		fi
		sleep "${ERPNEXT_RETRY_SECONDS:-$((attempt * 5))}"
	done
	die "Shopify gives no token for $SHOP_DOMAIN: is the app installed, and are client id and secret of the same app? $(jq -r '.error_description? // .error? // empty' <<<"$answer" 2>/dev/null || true)"
}

load_environment
[[ $SHOPIFY_APP == dev-dashboard ]] || exit 0
with_lock 10800 refresh 2> >(mask >&2)
