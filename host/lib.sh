# shellcheck shell=bash disable=SC2034,SC2016
# (Its names are used by the scripts that source it; the single quotes are programs of jq.)
# Sourced by every script of the server: places, log, lock, masking, and the status that /healthz serves.
# Every place lies below ERPNEXT_ROOT, which is empty on a server and a directory in tests.

ROOT="${ERPNEXT_ROOT:-}"
HERE="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# Secrets: tmpfs, so that they are gone with the machine's power.
RUN_DIR="$ROOT/run/erpnext"
SECRETS_DIR="$RUN_DIR/secrets"
# The state of this machine: its last status, the last request.
STATE_DIR="$ROOT/var/lib/erpnext"
STATUS_DIR="$STATE_DIR/status"
STATUS="$STATUS_DIR/status.json"
LOG_DIR="$ROOT/var/log/erpnext"
# The data disk. What is written below state/ tells about the site, and goes where the site's disk goes.
DATA_DIR="$ROOT/mnt/erpnext"
FRAPPE_DIR="$ROOT/opt/frappe_docker"
LOCK_FILE="$RUN_DIR/lock"

# A step that ends with this code had nothing to do (the number that automake's tests use for it).
SKIPPED=77

# Last words of a step that a reboot or a kill cut short.
INTERRUPTED="the run was interrupted; it starts again by itself"

# Longest text of last words in the status.
WORDS_LIMIT=600

log() {
	printf '%s\n' "$*"
}

# die <sentence>: what is wrong and what to do; the last words of a step.
die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# Reads .env of the release this script belongs to and exports it: Compose takes its variables from there. The file is
# made by components/shared/env-file.ts, which refuses what the shell would evaluate.
load_environment() {
	set -a
	# shellcheck source=/dev/null
	. "$HERE/.env"
	set +a
	DIGEST="$(<"$HERE/.digest")"
}

# with_lock <seconds to wait> <command…>: one at a time on this machine. The holder of the lock passes.
# Returns 75 (EX_TEMPFAIL) when someone else still holds it.
with_lock() {
	local wait="$1"
	shift
	if [[ ${ERPNEXT_LOCK_HELD:-} == yes ]]; then
		"$@"
		return
	fi
	mkdir -p "$(dirname "$LOCK_FILE")"
	exec 9>"$LOCK_FILE"
	flock --wait "$wait" 9 || return 75
	export ERPNEXT_LOCK_HELD=yes
	"$@"
}

# within <seconds> <command…>: 124 when the time is up. The lock is not handed down, so that what might survive a kill
# cannot keep it.
within() {
	timeout --kill-after=30 "$1" "${@:2}" 9>&-
}

# retry <times> <pause in seconds> <command…>: until it succeeds; the last failure is the result.
retry() {
	local times="$1" pause="$2" attempt
	shift 2
	for ((attempt = 1; attempt < times; attempt++)); do
		"$@" && return
		sleep "$pause"
	done
	"$@"
}

# A filter: replaces every secret of this server, and what has the shape of one (core/secrets.ts), by [secret]. Of a line that was written over
# and over, as bench's progress bars are, it leaves what a terminal would show in the end: a migration's log is else all bars.
mask() {
	local line file secret
	while IFS= read -r line || [[ -n $line ]]; do
		for file in "$SECRETS_DIR"/*; do
			[[ -f $file ]] || continue
			secret=""
			IFS= read -r -d '' secret <"$file" || true
			[[ ${#secret} -lt 6 ]] || line="${line//"$secret"/[secret]}"
		done
		printf '%s\n' "$line"
	done | sed -u -E \
		-e 's/.*\r([^\r])/\1/' \
		-e 's/(\bgh[pousr]_|\bgithub_pat_|\bglpat-|\bGOCSPX-|\bAIza|\bcf(k|ut|at)_)[A-Za-z0-9_-]{10,}/[secret]/g' \
		-e 's/shp[a-z]{2}_[A-Za-z0-9]+/[secret]/g' \
		-e 's/ya29\.[A-Za-z0-9._-]+/[secret]/g' \
		-e 's/\btoken [A-Za-z0-9]{6,}:[A-Za-z0-9]{6,}/[secret]/g' \
		-e 's/eyJ[A-Za-z0-9_-]{20,}[A-Za-z0-9._=-]*/[secret]/g' \
		-e 's#(://)[^/[:space:]@:]*:[^/[:space:]@]+@#\1[secret]@#g' \
		-e 's#(https?://)[^/[:space:]@]+@#\1[secret]@#gI' \
		-e '/-----BEGIN [A-Z ]*PRIVATE KEY-----/,/-----END [A-Z ]*PRIVATE KEY-----/c [secret]'
}

# last_words <file> [lines]: its last lines (five) as one, without control characters.
last_words() {
	local words
	words="$(tr '\r' '\n' <"$1" | tr -d '\000-\010\013-\037\177' | grep -v '^[[:space:]]*$' | tail -n "${2:-5}" | paste -s -d '|' |
		sed 's/|/ | /g')" || true
	if [[ ${#words} -gt $WORDS_LIMIT ]]; then
		words="…${words: -$WORDS_LIMIT}"
	fi
	printf '%s' "$words"
}

now() {
	date -u +%Y-%m-%dT%H:%M:%SZ
}

# status_edit <jq arguments…>: the status through a jq program, written atomically, or left as it is when the disk is full. While the state is "failed", the same
# document also lies there as failed.json, by which health.caddy knows to answer 503.
status_edit() {
	mkdir -p "$STATUS_DIR"
	(
		flock --wait 60 8
		[[ -s $STATUS ]] || printf '{}\n' >"$STATUS"
		# Callers of callers stand before "||", where bash goes on after a failure.
		jq "$@" <"$STATUS" >"$STATUS_DIR/.next" || exit
		chmod 0644 "$STATUS_DIR/.next"
		# jq indents what is at the top by two.
		if grep -q '^  "state": "failed"' "$STATUS_DIR/.next"; then
			cp "$STATUS_DIR/.next" "$STATUS_DIR/.failed" || exit
			mv -T "$STATUS_DIR/.next" "$STATUS"
			mv -T "$STATUS_DIR/.failed" "$STATUS_DIR/failed.json"
		else
			mv -T "$STATUS_DIR/.next" "$STATUS"
			rm -f "$STATUS_DIR/failed.json"
		fi
	) 8>"$STATE_DIR/status.lock"
}

# status_begin <customer> <digest> <step…>: a new run; what became of requests, what is known of the site and since when there is this machine stays.
status_begin() {
	local customer="$1" digest="$2"
	shift 2
	status_edit --arg customer "$customer" --arg digest "$digest" --arg now "$(now)" \
		'{ customer: $customer, digest: $digest, state: "converging", since: (.since // $now),
		   steps: [$ARGS.positional[] | { name: ., state: "pending" }],
		   requests: (.requests // []) }
		 + (if .lastBackup then { lastBackup } else {} end)
		 + (if .facts then { facts } else {} end)
		 + (if .backfill then { backfill } else {} end)' --args "$@"
}

# status_step <name> <state> [last words]
status_step() {
	status_edit --arg name "$1" --arg state "$2" --arg detail "${3:-}" --arg now "$(now)" \
		'(.steps[] | select(.name == $name)) |=
		   ({ name, state: $state }
		    + (if $detail == "" then {} else { detail: $detail } end)
		    + (if $state == "running" then { startedAt: $now }
		       else { startedAt: (.startedAt // $now), finishedAt: $now } end))'
}

# status_state <converging|ready|failed>
status_state() {
	status_edit --arg state "$1" '.state = $state'
}

# status_request <name> <nonce> <running|done|failed> [detail]: the five latest are kept.
status_request() {
	status_edit --arg name "$1" --arg nonce "$2" --arg state "$3" --arg detail "${4:-}" --arg now "$(now)" \
		'.requests = ((.requests // [])
		   | (map(select(.nonce == $nonce)) | first // { startedAt: $now }) as $before
		   | map(select(.nonce != $nonce))
		   + [{ name: $name, nonce: $nonce, state: $state, startedAt: $before.startedAt }
		      + (if $detail == "" then {} else { detail: $detail } end)
		      + (if $state == "running" then {} else { finishedAt: $now } end)]
		   | .[-5:])'
}

# status_backup <set>: the newest set that is whole in the bucket.
status_backup() {
	status_edit --arg set "$1" --arg now "$(now)" '.lastBackup = { set: $set, finishedAt: $now }'
}

# status_backfill <object as JSON>: how far the pull of the order history is.
status_backfill() {
	status_edit --argjson backfill "$1" '.backfill = $backfill'
}

# status_facts <object as JSON>: facts that were just found out, beside those that are known; cured jobs are added up.
status_facts() {
	status_edit --argjson new "$1" \
		'((.facts.queues.oldMigrationsCured // 0) + ($new.queues.oldMigrationsCured // 0)) as $cured
		 | .facts = ((.facts // {}) * $new)
		 | if .facts.queues then .facts.queues.oldMigrationsCured = $cured else . end'
}

# status_get <jq filter>: empty when there is no status yet.
status_get() {
	[[ ! -s $STATUS ]] || jq -r "$1 // empty" "$STATUS"
}

# sealed <encrypt|decrypt> <from> <to>: a file that leaves this server, by a key that follows from a secret which only the server may read.
sealed() {
	local mode=()
	[[ $1 == encrypt ]] || mode=(-d)
	rm -f "$3"
	(umask 077 && openssl enc "${mode[@]}" -aes-256-cbc -pbkdf2 -iter 200000 -pass "file:$SECRETS_DIR/database-root-password" -in "$2" -out "$3" 2>/dev/null)
}

# Frappe's user and group in its containers.
FRAPPE_ID=1000

# lend <folder>: bench may write there until it is taken back. Meanwhile root neither reads nor writes in it: what a container puts there
# may be a link to any file of this machine.
lend() {
	chown "$FRAPPE_ID:$FRAPPE_ID" "$1"
	chmod 0750 "$1"
}

# take_back <folder>: containers may read in it from now on, and no longer exchange what is in it. Only plain files stay.
take_back() {
	chown "root:$FRAPPE_ID" "$1"
	chmod 0750 "$1"
	find "$1" -mindepth 1 -maxdepth 1 ! \( -type f -links 1 \) -exec rm -rf {} +
}
