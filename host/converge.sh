#!/bin/bash
# Brings the server to what its metadata says, step by step, as often as needed: every step looks before it does, so a run
# that was cut short is simply run again. Two runs never overlap; the second one waits.
#   converge.sh         all steps
#   converge.sh check   only the last two, quietly: /healthz tells when a worker or the certificate is lost later on
#   converge.sh killed  after the end of a unit: says of a run what it could not say itself
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# In their order; each is steps/<name>.sh.
STEPS=(disk docker secrets frappe-docker image containers site migrate automation-user workers door)

# What can break while nothing is changed.
CHECKED=(workers door)

# A run may wait for a migration or a backup of the largest site.
LOCK_WAIT=10800

# Seconds a step may take.
declare -A LIMIT=(
	[disk]=300 [docker]=900 [secrets]=180 [frappe-docker]=300 [image]=1800 [containers]=900 [site]=2400
	[migrate]=7200 [automation-user]=300 [workers]=300 [door]=900
)

running=""

# step_result <name>: runs it with its output masked into the journal and its log; the code is the step's own.
step_result() {
	local name="$1" codes
	set +e
	within "${LIMIT[$name]}" bash "$HERE/steps/$name.sh" 2>&1 </dev/null | mask | tee "$LOG_DIR/$name.log"
	codes=("${PIPESTATUS[@]}")
	set -e
	return "${codes[0]}"
}

# words_of <name> <code>
words_of() {
	local words
	words="$(last_words "$LOG_DIR/$1.log")"
	case "$2" in
	124 | 137) printf 'stopped after %s s%s' "${LIMIT[$1]}" "${words:+; last words: $words}" ;;
	*) printf '%s' "${words:-ended with code $2 and said nothing}" ;;
	esac
}

run_step() {
	local name="$1" code=0
	running="$name"
	log "--- $name"
	status_step "$name" running
	step_result "$name" || code=$?
	running=""
	case "$code" in
	0) status_step "$name" "done" ;;
	"$SKIPPED") status_step "$name" skipped ;;
	*)
		status_step "$name" failed "$(words_of "$name" "$code")"
		status_state failed
		log "--- $name failed ($code)"
		return 1
		;;
	esac
}

# A run that is killed must not look as if it were still busy.
interrupted() {
	[[ -z $running ]] && return
	status_step "$running" failed "$INTERRUPTED"
	status_state failed
}

# Called while no run is under way. Between two steps none is running, and the first that is pending tells where it was.
killed() {
	[[ $(status_get .state) == converging ]] || return 0
	running="$(status_get '[.steps[] | select(.state == "running" or .state == "pending") | .name] | first')"
	interrupted
}

converge() {
	local step
	trap interrupted EXIT
	trap 'exit 143' TERM INT
	# shellcheck disable=SC2153 # of .env
	status_begin "$CUSTOMER" "$DIGEST" "${STEPS[@]}"
	for step in "${STEPS[@]}"; do
		run_step "$step" || return 1
	done
	status_state ready
	log "--- ready: $DIGEST"
}

# Leaves alone what another step brought about, and says nothing new while all is well.
check() {
	local step code failed state="ready"
	failed="$(status_get '[.steps[]? | select(.state == "failed") | .name] | first')"
	[[ -z $failed || " ${CHECKED[*]} " == *" $failed "* ]] || return 0
	[[ $(status_get .digest) == "$DIGEST" && $(status_get .state) != converging ]] || return 0
	for step in "${CHECKED[@]}"; do
		code=0
		step_result "$step" || code=$?
		if [[ $code -ne 0 ]]; then
			state=failed
			status_step "$step" failed "$(words_of "$step" "$code")"
		elif [[ $step == "$failed" ]]; then
			status_step "$step" "done"
		fi
	done
	[[ $(status_get .state) == "$state" ]] || status_state "$state"
}

main() {
	load_environment
	mkdir -p "$LOG_DIR" "$STATE_DIR"
	case "${1:-}" in
	"") with_lock "$LOCK_WAIT" converge ;;
	# Who holds the lock reports by itself.
	check) with_lock 0 check || [[ $? -eq 75 ]] ;;
	# What systemd kills at the same time lets go of the lock a moment later.
	killed) with_lock "${ERPNEXT_RETRY_SECONDS:-10}" killed || [[ $? -eq 75 ]] ;;
	*) die "converge.sh takes \"check\", \"killed\" or nothing, not \"$1\"" ;;
	esac
}

main "$@"
