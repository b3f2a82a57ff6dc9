#!/bin/bash
# Tells Cloud Monitoring each minute that this server lives, and which of the faults below it has. No one looks at a server that answers;
# a fault that stands, and silence, write to people (components/server-alarms.ts). It reads the status and changes nothing, so it goes on
# while a run, a backup or a restore keeps the watcher busy.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/google.sh"
. "$HERE/stack.sh"

MONITORING_URL="${ERPNEXT_MONITORING_URL:-https://monitoring.googleapis.com}"

# Percent of the boot disk. With none left the status cannot be written and stands as it was.
LEAST_BOOT_FREE=5

# State of cloudflared, which nothing else looks after; asked once all is up.
tunnel() {
	if [[ $(status_get .state) == ready ]]; then health_of cloudflared; else printf unknown; fi
}

boot_free() {
	df --output=pcent "$STATE_DIR" | tail -n 1 | tr -dc 0-9 | jq '100 - .'
}

# The faults by name, true where there is one. What is not known yet is no fault: in jq null is less than any number.
# What never succeeded is as old as the machine, or a token that was refused from the first day would stay silent.
faults() {
	jq --arg tunnel "$(tunnel)" --arg app "$SHOPIFY_APP" --argjson free "$(boot_free)" --argjson least "$LEAST_BOOT_FREE" '
		# Seconds; null for none, and for what is no time. Those of Cloudflare may have fractions, which fromdateiso8601 does not know.
		def age: try (now - (sub("\\.[0-9]+"; "") | fromdateiso8601)) catch null;
		{
			# A nightly backup is done two hours into the day after it; the first one is begun an hour after the machine came up.
			backup: (if .lastBackup then (.lastBackup.finishedAt | age > 26 * 3600) else (.since | age > 4 * 3600) end),
			# Tried each week.
			"restore-proof": (.facts.restoreProof.ok == false or (.facts.restoreProof.at // .since | age > 15 * 86400)),
			# Refreshed every eight hours, ends after 24.
			token: ($app == "dev-dashboard" and (.facts.token.refreshedAt // .since | age > 17 * 3600)),
			tunnel: ($tunnel != "healthy" and $tunnel != "unknown"),
			"deliveries-late": (.facts.deliveries.oldestWaitingSeconds > 900),
			# Six tries have failed by then (deliveries/forwarder.py).
			"deliveries-parked": (.facts.deliveries.oldestParkedSeconds > 3600),
			"deliveries-failed": (.facts.deliveries.failed > 0),
			# Looked at every quarter of an hour.
			subscriptions: ((.facts.subscriptions.lostSince | age > 1200) or (.facts.subscriptions.lookedAt // .since | age > 6 * 3600)),
			"access-token": ($ENV.ACCESS_EXPIRES_AT | age > -30 * 86400),
			# Found out every minute, but for the hour that the backup of a large site takes.
			facts: (.state == "ready" and (.facts.checkedAt // .since | age > 3600)),
			"boot-disk": ($free < $least)
		}'
}

# The body of projects.timeSeries.create (Cloud Monitoring API, v3); a metric that is new is made by it.
time_series() {
	jq --arg customer "$CUSTOMER" --arg project "$GCP_PROJECT" --arg now "$(now)" '
		def point($type; $labels; $value): {
			metric: { type: "custom.googleapis.com/erpnext/\($type)", labels: ({ customer: $customer } + $labels) },
			resource: { type: "global", labels: { project_id: $project } },
			metricKind: "GAUGE", valueType: "INT64",
			points: [{ interval: { endTime: $now }, value: { int64Value: ($value | tostring) } }]
		};
		{ timeSeries: ([point("heartbeat"; {}; 1)]
			+ [to_entries[] | point("fault"; { kind: .key }; if .value then 1 else 0 end)]) }'
}

load_environment
mkdir -p "$STATE_DIR"
known="{}"
[[ ! -s $STATUS ]] || known="$(<"$STATUS")"
series="$(faults <<<"$known" | time_series)"
if ! answer="$(google_api --max-time 20 --header "Content-Type: application/json" --data-binary @- \
	"$MONITORING_URL/v3/projects/$GCP_PROJECT/timeSeries" <<<"$series")"; then
	die "Cloud Monitoring took no metrics: $(jq -r '.error.message? // empty' <<<"$answer" 2>/dev/null)"
fi
