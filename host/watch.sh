#!/bin/bash
# Waits at the metadata server, which answers as soon as something changes:
#   erpnext-digest   new files or another environment: unpack and converge
#   erpnext-request  something to do once (answer.sh)
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

# A failed run is tried again by itself after a minute, then after twice as long each time, up to this many seconds: what fails
# on a new server is mostly a network that did not answer once.
PATIENCE=$((WAIT * 15))

# Told to stop, it stops at once where it only waits, and after the run where it has begun one: bash looks at signals when what it
# has started has ended. How long that may take is said in the unit.
trap 'exit 0' TERM

# waiting <command…>: what can be given up at any time.
waiting() {
	"$@" &
	wait $!
}

# Without an ETag the server answers at once.
etag=0
next_try=0
last_check=-$CHECK_AGAIN

# ask: the attributes into $RUN_DIR/attributes.json; true when they are others than before.
ask() {
	local headers="$RUN_DIR/attributes.headers" new
	mkdir -p "$RUN_DIR"
	waiting curl --silent --show-error --fail --max-time $((WAIT + 30)) --header "Metadata-Flavor: Google" --dump-header "$headers" \
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
		waiting sleep "$PAUSE"
		return
	fi
	"$OPT/converge.sh" || true
	exec "$OPT/watch.sh"
}

answer_request() {
	attribute erpnext-request >"$RUN_DIR/request.json"
	"$OPT/answer.sh" "$RUN_DIR/request.json" || log "the request could not be answered"
}

try_again() {
	if ((next_try == 0)); then
		pause=$WAIT
		next_try=$((SECONDS + pause))
	elif ((SECONDS >= next_try)); then
		"$OPT/converge.sh" || true
		pause=$((pause * 2 < PATIENCE ? pause * 2 : PATIENCE))
		next_try=$((SECONDS + pause))
	fi
}

# A migration that failed is not tried again by itself: every try takes the site away for a while. One that was cut short goes on.
look_after() {
	local failed words
	# A run that was killed could not say so. One that is still under way holds the lock.
	if [[ $(status_get .state) == converging ]]; then
		if (with_lock 0 true); then
			"$OPT/converge.sh" || true
		fi
		return
	fi
	failed="$(status_get '[.steps[]? | select(.state == "failed") | .name] | first')"
	if [[ -n $failed && $failed != workers && $failed != door ]]; then
		words="$(status_get '[.steps[]? | select(.state == "failed") | .detail] | first')"
		[[ $failed == migrate && $words != "$INTERRUPTED" ]] || try_again
		return
	fi
	next_try=0
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
		*) waiting sleep "$PAUSE" ;;
		esac
	done
}

main
