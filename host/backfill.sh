#!/bin/bash
# shellcheck disable=SC2016 # The single quotes are programs of jq.
# The order history: the connector's own pull (`sync_old_orders`), one window of time after another, outside RQ, whose 300
# seconds would kill it, and without its hourly event beside it, which would begin every window again. Where the server books
# several orders at once, so does the pull (deliveries/history.py). What is done is kept on the data disk, so a run that was
# cut short goes on where it was: at most one window is pulled twice, which is harmless, because what is there is left alone.
#   backfill.sh run        to the end of the plan; the unit erpnext-backfill does this, so one at a time
#   backfill.sh begin      takes a plan from standard input, or {"resume": "<id of the last one>"}, and starts the unit
#   backfill.sh stop       ends it; begin goes on with it
#   backfill.sh pause      the same for as long as a migration takes
#   backfill.sh resume     goes on after a reboot or a pause, and releases the hourly event if nothing else did
#   backfill.sh forget     before a restore: ends it for good, because what it had pulled goes with the database
#   backfill.sh release    lets the hourly event go
# A plan: {"id", "windowSeconds", "windows": [{"from", "to", "orders"}]}, times in UTC, both included, the oldest first;
# the end of one is the beginning of the next, because Shopify keeps fractions of a second.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/stack.sh"

METHOD="ecommerce_integrations.shopify.order.sync_old_orders"
UNIT="erpnext-backfill.service"
PROGRESS="$DATA_DIR/state/backfill.json"

# While it is there, the hourly event is paused by this script only.
PAUSED="$DATA_DIR/state/backfill-paused"

# While it is there, the end of the unit is what someone asked for.
STOPPING="$DATA_DIR/state/backfill-stopping"

# Everything that the last pull said. Orders and customers are named in it, so it goes nowhere else: /healthz is public.
PULL_LOG="$LOG_DIR/backfill.log"

# A window that fails is pulled once more.
TRIES=2

# How often, with a pause between, it is looked whether the site answers or a job has ended: five minutes.
LOOKS=30
PAUSE="${ERPNEXT_RETRY_SECONDS:-10}"

pulling=""

# progress <jq filter>: of the run so far; empty when there was none.
progress() {
	[[ ! -s $PROGRESS ]] || jq -r "$1 // empty" "$PROGRESS"
}

# edit <jq arguments…>: the progress through a jq program, written atomically, and the short of it into /healthz.
edit() {
	jq --arg now "$(now)" "$@" <"$PROGRESS" >"$PROGRESS.next"
	sync "$PROGRESS.next"
	mv -T "$PROGRESS.next" "$PROGRESS"
	report
}

report() {
	status_backfill "$(jq -c '{ plan: .id, state, windowsDone: .done, windowsTotal: (.windows | length),
		ordersExpected: ([.windows[].orders] | add), ordersDone: ([.windows[:.done][].orders] | add // 0), counts,
		startedAt, current: (if .state == "running" then .windows[.done] else null end), finishedAt, detail }
		| with_entries(select(.value != null))' "$PROGRESS")"
}

# site <action> [jq arguments…]: an action of bench/history.py with these values; its answer is JSON.
site() {
	local action="$1"
	shift
	jq -nc --arg action "$action" "$@" '$ARGS.named' | site_python history
}

unit_active() {
	[[ $(systemctl is-active "$UNIT" 2>/dev/null || true) =~ ^(active|activating|deactivating)$ ]]
}

# Neither a catalog import nor another pull beside this one: both make the same items.
wait_for_jobs() {
	local busy look
	for ((look = 0; look < LOOKS; look++)); do
		busy="$(site look | jq -r '.busy | join(", ")')" || return
		[[ -n $busy ]] || return 0
		sleep "$PAUSE"
	done
	end failed "$busy is still under way"
}

hold_hourly_event() {
	if [[ ! -e $PAUSED ]]; then
		# An event that an operator stopped for good stays stopped.
		[[ $(site look | jq .stopped) == false ]] || return 0
		touch "$PAUSED"
		sync "$PAUSED"
	fi
	site hold >/dev/null
}

release() {
	[[ -e $PAUSED ]] || return 0
	site release >/dev/null
	rm -f "$PAUSED"
}

# end <done|failed|stopped|paused> [sentence]: the run is over.
end() {
	edit --arg state "$1" --arg detail "${2:-}" '.state = $state | .finishedAt = $now
		| if $detail == "" then del(.detail) else .detail = $detail end'
	log "$1${2:+: $2}"
	exit "$([[ $1 == failed ]] && printf 1 || printf 0)"
}

# However it ends: nothing is left behind in the container, and the hourly event runs again. What fails here, resume does.
leave() {
	trap '' TERM INT
	if [[ -n $pulling ]]; then
		kill "$pulling" 2>/dev/null || true
		site end >/dev/null || true
	fi
	release || log "the hourly event is still paused"
	if [[ $(progress .state) == running ]]; then
		if [[ -e $STOPPING ]]; then (end stopped) || true; else (end paused) || true; fi
	fi
	rm -f "$STOPPING"
}

# The name of the exception alone: its text may name a customer. Bench shows a second one, which comes of the first.
exception_in() {
	grep -m 1 -oE '^([A-Za-z_][A-Za-z0-9_]*\.)*[A-Z][A-Za-z0-9_]*(:|$)' "$1" | tr -d ':' || true
}

# why <code> <limit>: what became of a pull that did not end well.
why() {
	local exception
	exception="$(exception_in "$PULL_LOG")"
	case "$1" in
	0) printf 'the connector left it undone: Shopify Setting is disabled, or its pull failed and says why in the Ecommerce Integration Log' ;;
	124) printf 'no end after %s s' "$2" ;;
	137) printf 'it was killed' ;;
	*) printf '%s' "${exception:-code $1}" ;;
	esac
}

# pull <limit>: the connector, with a limit on both sides of the container's wall.
pull() {
	local program=(bench --site "$SITE_NAME" execute "$METHOD")
	if [[ ${ORDERS_AT_ONCE:-1} -gt 1 ]]; then
		program=(env PYTHONPATH=/opt/erpnext "SITE_NAME=$SITE_NAME" "ORDERS_AT_ONCE=$ORDERS_AT_ONCE" "SINCE=$(progress .startedAt)"
			/home/frappe/frappe-bench/env/bin/python -B -m deliveries.history)
	fi
	(cd "$FRAPPE_DIR" && within $(($1 + 60)) docker compose exec -T backend timeout --kill-after=30 "$1" \
		"${program[@]}" </dev/null) 2>&1 | mask >"$PULL_LOG"
}

# attempt <window>: true when the connector has gone through it; else $words say why.
attempt() {
	local limit code=0 began seen
	limit="$(progress .windowSeconds)"
	retry "$LOOKS" "$PAUSE" site_answers || { words="the site does not answer" && return 1; }
	began="$(site begin --argjson window "$1" | jq -r .began)" || { words="the site takes no window" && return 1; }
	# In the background, because the shell listens to signals only while it waits.
	pull "$limit" &
	pulling=$!
	wait "$pulling" || code=$?
	pulling=""
	seen="$(retry "$LOOKS" "$PAUSE" site look --arg since "$began")" || { words="the site does not answer" && return 1; }
	if [[ $code -ne 0 || $(jq .flag <<<"$seen") != false ]]; then
		words="$(why "$code" "$limit")"
		# The connector's process may outlive what waited for it.
		site end >/dev/null || true
		return 1
	fi
	edit --argjson log "$(jq .log <<<"$seen")" '.done += 1 | .tries = 0
		| reduce ($log | to_entries[]) as $of (.; .counts[$of.key] += $of.value)'
}

run() {
	local window words="" tries
	[[ $(progress .state) =~ ^(running|paused)$ ]] || return 0
	trap leave EXIT
	trap 'exit 143' TERM INT
	mkdir -p "$LOG_DIR"
	edit '.state = "running" | del(.finishedAt, .detail)'
	retry "$LOOKS" "$PAUSE" site_answers || end paused "the site does not answer"
	# A run that was killed leaves its pull in the container.
	site end >/dev/null
	hold_hourly_event
	wait_for_jobs
	while window="$(progress '.windows[.done] | select(. != null) | tojson')" && [[ -n $window ]]; do
		tries="$(progress .tries)"
		if [[ $tries -ge $TRIES ]]; then
			end failed "the window from $(jq -r .from <<<"$window") failed twice: ${words:-$(progress .words)}"
		fi
		log "$(progress '"window \(.done + 1) of \(.windows | length): \(.windows[.done].orders) orders"')"
		edit '.tries += 1'
		if ! attempt "$window"; then
			log "failed: $words"
			edit --arg words "$words" '.words = $words'
			sleep "$PAUSE"
		fi
	done
	# A caller that waits for the end finds the event running again.
	release || log "the hourly event is still paused"
	end "done"
}

# What a plan must be; everything else in it is left out.
PLAN='select((.id | type == "string" and test("^[a-z0-9-]{1,64}$"))
	and (.windowSeconds | type == "number" and . >= 60 and . <= 21600 and . == floor)
	and (.windows | type == "array" and length > 0)
	and all(.windows[]; (.orders | type == "number") and all(.from, .to; type == "string" and test("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"))))
	| { id, windowSeconds, windows: [.windows[] | { from, to, orders }] }'

begin() {
	local given plan="" id
	given="$(</dev/stdin)"
	id="$(jq -r '.resume? // empty | strings' <<<"$given" 2>/dev/null || true)"
	if [[ -n $id ]]; then
		[[ $(progress .id) == "$id" && $(progress .state) != "done" ]] || die "the backfill to go on with is not the last one of this server"
	else
		plan="$(jq -ce "$PLAN" <<<"$given" 2>/dev/null)" || die "that is no plan of a backfill"
		id="$(jq -r .id <<<"$plan")"
	fi
	mkdir -p "$(dirname "$PROGRESS")"
	if unit_active && [[ $(progress .id) != "$id" ]]; then
		die "another backfill is running, $(progress '"\(.done) of \(.windows | length) windows done"'): wait for it, or stop it first"
	fi
	if ! unit_active; then
		if [[ $(progress .id) != "$id" || $(progress .state) == "done" ]]; then
			jq --arg now "$(now)" '. + { done: 0, tries: 0, counts: {}, startedAt: $now, state: "paused" }' <<<"$plan" >"$PROGRESS.next"
			mv -T "$PROGRESS.next" "$PROGRESS"
		fi
		rm -f "$STOPPING"
		edit '.state = "running" | .tries = 0 | del(.finishedAt, .detail)'
		systemctl start --no-block "$UNIT"
	fi
	progress '"\(.done) of \(.windows | length) windows done"'
}

stop() {
	if unit_active; then
		touch "$STOPPING"
		systemctl stop "$UNIT"
	elif [[ $(progress .state) =~ ^(running|paused)$ ]]; then
		(end stopped) >/dev/null
	fi
	log "$(progress '"\(.state) with \(.done) of \(.windows | length) windows done"')"
}

forget() {
	[[ -s $PROGRESS ]] || return 0
	stop
	rm -f "$PROGRESS"
	status_edit 'del(.backfill)'
}

resume() {
	unit_active && return
	if [[ $(progress .state) =~ ^(running|paused)$ ]]; then
		systemctl start --no-block "$UNIT"
	else
		release
	fi
}

load_environment
case "${1:-}" in
run | begin | stop | forget | resume | release) "$1" ;;
pause) if unit_active; then systemctl stop "$UNIT"; fi ;;
*) die "backfill.sh takes run, begin, stop, pause, forget, resume or release, not \"${1:-}\"" ;;
esac
