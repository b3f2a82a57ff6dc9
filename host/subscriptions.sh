#!/bin/bash
# Asks Shopify which of the wanted topics come here. It deletes a subscription whose deliveries have failed for four hours, and then nothing
# fails any more: no order arrives, and every other sign of this server is well. What follows from a lost one is metrics.sh's matter.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

SHOPIFY_URL="${ERPNEXT_SHOPIFY_URL:-}"

# As everywhere in this project (clients/shopify-api.ts).
API_VERSION="2026-10"

# shellcheck disable=SC2016 # GraphQL's variable
QUERY='query Subscribed($topics: [WebhookSubscriptionTopic!]) {
  webhookSubscriptions(first: 250, topics: $topics) { nodes { topic uri } }
}'

# A custom app's token is a secret of the stack; a Dev-Dashboard app's is the one that refresh-token.sh got last.
token_file() {
	if [[ $SHOPIFY_APP == custom ]]; then printf '%s/shopify-admin-token' "$SECRETS_DIR"; else printf '%s/shopify-access-token' "$SECRETS_DIR"; fi
}

ask() {
	jq -nc --arg query "$QUERY" '{ $query, variables: { topics: ($ENV.SHOPIFY_TOPICS / " ") } }' |
		curl --silent --show-error --fail-with-body --max-time 30 --header "Content-Type: application/json" \
			--config <(printf 'header = "X-Shopify-Access-Token: %s"\n' "$(<"$(token_file)")") --data-binary @- \
			"${SHOPIFY_URL:-https://$SHOP_DOMAIN}/admin/api/$API_VERSION/graphql.json"
}

look() {
	local answer lost
	if ! answer="$(ask)" || ! lost="$(jq -ce '.data.webhookSubscriptions.nodes
		| map(select(.uri == $ENV.SUBSCRIPTION_URI) | .topic) as $here | ($ENV.SHOPIFY_TOPICS / " ") - $here' <<<"$answer" 2>/dev/null)"; then
		die "Shopify does not tell the subscriptions of $SHOP_DOMAIN: $(jq -r '.errors? | if type == "array" then map(.message) | join("; ") else . // empty end' <<<"$answer" 2>/dev/null || true)"
	fi
	# What is still being made, or made again, is not lost yet: since when is what counts.
	status_facts "$(jq -nc --argjson lost "$lost" --arg now "$(now)" --arg since "$(status_get .facts.subscriptions.lostSince)" \
		'{ subscriptions: { lookedAt: $now, $lost, lostSince: (if $lost == [] then null elif $since == "" then $now else $since end) } }')"
	[[ $lost == "[]" ]] || log "not subscribed to $SUBSCRIPTION_URI: $(jq -r 'join(", ")' <<<"$lost")"
}

load_environment
# Before the server's first token there is nothing to ask with, and nothing is subscribed.
[[ -s $(token_file) ]] || exit 0
look 2> >(mask >&2)
