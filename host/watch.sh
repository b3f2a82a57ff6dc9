#!/bin/bash
# Waits at the metadata server, which answers as soon as something changes:
#   erpnext-digest   new files or another environment: unpack and converge
#   erpnext-request  {"backup": "<nonce>"}: a backup now; how it ended is in /healthz under "requests", by its nonce
# When nothing changes for a minute it looks after the server: a failed run is tried again; otherwise the facts in /healthz are
# brought up to date, and every fifth time the last two steps are checked.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

METADATA_URL="${ERPNEXT_METADATA_URL:-http://metadata.google.internal/computeMetadata/v1}"
OPT="$ROOT/opt/erpnext"

# Seconds that the metadata server holds a question.
WAIT="${ERPNEXT_WATCH_SECONDS:-60}"

# Seconds from one check to the next.
CHECK_AGAIN=$((WAIT * 5))

# Seconds until a metadata server that fails is asked again.
PAUSE="${ERPNEXT_RETRY_SECONDS:-15}"

# A failed run is tried again by itself this often, in seconds.
TRY_AGAIN=900

# Without an ETag the server answers at once.
etag=0
answered=""
last_run=$SECONDS
last_check=-$CHECK_AGAIN

# ask: the attributes into $RUN_DIR/attributes.json; true when they are others than before.
ask() {
	local headers="$RUN_DIR/attributes.headers" new
	mkdir -p "$RUN_DIR"
	curl --silent --show-error --fail --max-time $((WAIT + 30)) --header "Metadata-Flavor: Google" --dump-header "$headers" \
		--output "$RUN_DIR/attributes.json" \
		"$METADATA_URL/instance/attributes/?recursive=true&wait_for_change=true&timeout_sec=$WAIT&last_etag=$etag" || return 2
	new="$(sed -n 's/^[Ee][Tt][Aa][Gg]: *\([^\r]*\)\r*$/\1/p' "$headers")"
	[[ -n $new ]] || return 2
	if [[ $new == "$etag" ]]; then
		return 1
	fi
	etag="$new"
}

attribute() {
	jq -r --arg name "$1" '.[$name] // empty' "$RUN_DIR/attributes.json"
}

# The new release brings its own watch.sh.
apply() {
	log "applying $(attribute erpnext-digest)"
	if ! "$OPT/bootstrap.sh" unpack; then
		etag=0
		sleep "$PAUSE"
		return
	fi
	"$OPT/converge.sh" || true
	exec "$OPT/watch.sh"
}

# Answered once: the nonce is remembered when the answer is there, so a machine that went down meanwhile does it again.
answer_request() {
	local nonce words
	nonce="$(attribute erpnext-request | jq -r '.backup? // empty | strings' 2>/dev/null || true)"
	[[ $nonce =~ ^[A-Za-z0-9._-]{1,64}$ ]] || return 0
	[[ ! -s $STATE_DIR/request ]] || answered="$(<"$STATE_DIR/request")"
	[[ $nonce != "$answered" ]] || return 0
	log "backup for request $nonce"
	mkdir -p "$LOG_DIR" "$STATE_DIR"
	status_request backup "$nonce" running
	if "$OPT/backup.sh" requested 2>&1 | mask | tee "$LOG_DIR/backup.log"; then
		words="$(tail -n 1 "$LOG_DIR/backup.log")"
		status_request backup "$nonce" "done" "$words"
	else
		status_request backup "$nonce" failed "$(last_words "$LOG_DIR/backup.log")"
	fi
	printf '%s' "$nonce" >"$STATE_DIR/request"
}

# A migration that failed is not tried again by itself: every try takes the site away for a while.
look_after() {
	local failed
	failed="$(status_get '[.steps[]? | select(.state == "failed") | .name] | first')"
	if [[ -n $failed && $failed != workers && $failed != door ]]; then
		if [[ $failed != migrate && $((SECONDS - last_run)) -ge $TRY_AGAIN ]]; then
			last_run=$SECONDS
			"$OPT/converge.sh" || true
		fi
		return
	fi
	if ((SECONDS - last_check >= CHECK_AGAIN)); then
		last_check=$SECONDS
		"$OPT/converge.sh" check || true
	else
		# What it has to say is said by the next check.
		"$OPT/facts.sh" >/dev/null 2>&1 || true
	fi
}

main() {
	local code
	while true; do
		code=0
		ask || code=$?
		case "$code" in
		0)
			if [[ -n $(attribute erpnext-digest) && $(attribute erpnext-digest) != "$(cat "$OPT/.digest")" ]]; then
				apply
			else
				answer_request
			fi
			;;
		1) look_after ;;
		*) sleep "$PAUSE" ;;
		esac
	done
}

main
