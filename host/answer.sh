#!/bin/bash
# Answers one request of the server's metadata (key `erpnext-request`), once:
#   {"name": "<word>", "nonce": "<never used before>", "parameters": {…}}
# What is asked for is requests/<name>.sh, with the parameters as one JSON object on its standard input; how it ended is in
# /healthz under "requests", by the nonce. Anyone who can read the metadata reads a request, and anyone who has the stack's token the
# answer: neither holds a secret. What a release of before requests had names asks for is a backup: {"backup": "<nonce>"}.
#   answer.sh <file>
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# Seconds that a request may take; meanwhile no other one and no new metadata is checked, so what takes hours begins a
# unit of its own. A backup waits for a run of converge.sh (backup.sh).
declare -A LIMIT=([backup]=21600)
DEFAULT_LIMIT=600

# Longest last words of a request that answers with a document (bytes); Linux hands over no argument of 128 KiB.
declare -A ANSWER_LIMIT=([deliveries-report]=100000)

# The nonces that were answered, one a line, the latest at the end. An update of the stack may put an older request back into the
# metadata (it sends what its state says): one nonce would not do, for after a newer answer the older request would be done again.
ANSWERED="$STATE_DIR/request"
KEPT=200

# field <jq filter>
field() {
	jq -r "$1" <<<"$request"
}

# answer <name>: runs its script, and leaves the end of what it said in $words.
answer() {
	local name="$1" limit="${LIMIT[$1]:-$DEFAULT_LIMIT}" log="$LOG_DIR/request-$1.log" codes
	set +e
	within "$limit" "$HERE/requests/$name.sh" < <(field .parameters) 2>&1 | mask | tee "$log"
	codes=("${PIPESTATUS[@]}")
	set -e
	case "${codes[0]}" in
	0) words="$(WORDS_LIMIT="${ANSWER_LIMIT[$name]:-$WORDS_LIMIT}" last_words "$log" 1)" ;;
	124 | 137) words="stopped after $limit s: $(last_words "$log")" ;;
	*)
		words="$(last_words "$log")"
		words="${words:-ended with code ${codes[0]} and said nothing}"
		;;
	esac
	return "${codes[0]}"
}

request="$(jq -c 'if has("name") then . else { name: "backup", nonce: .backup } end
	| { name, nonce, parameters: (.parameters // {}) } | select((.name | type) == "string" and (.nonce | type) == "string")' \
	<"$1" 2>/dev/null)" || exit 0
[[ -n $request ]] || exit 0
name="$(field .name)"
nonce="$(field .nonce)"
[[ $nonce =~ ^[A-Za-z0-9._-]{1,64}$ ]] || exit 0
# Remembered when the answer is there, so a machine that went down meanwhile does it again.
! grep --quiet --no-messages --fixed-strings --line-regexp -- "$nonce" "$ANSWERED" || exit 0

log "request $nonce"
mkdir -p "$LOG_DIR" "$STATE_DIR"
words=""
if [[ ! $name =~ ^[a-z][a-z0-9-]{0,40}$ || ! -x $HERE/requests/$name.sh ]]; then
	status_request unknown "$nonce" failed "this server knows no request \"${name:0:40}\"; it knows what the release has that \"pulumi up\" gave it last"
elif [[ $(field '.parameters | type') != object ]]; then
	status_request "$name" "$nonce" failed "the parameters of a request are a JSON object"
else
	status_request "$name" "$nonce" running
	if answer "$name"; then
		status_request "$name" "$nonce" "done" "$words"
	else
		status_request "$name" "$nonce" failed "$words"
	fi
fi
{
	# A release that kept one nonce left it without an end of line.
	[[ ! -s $ANSWERED ]] || awk 1 "$ANSWERED"
	printf '%s\n' "$nonce"
} | tail -n "$KEPT" >"$ANSWERED.next"
mv -T "$ANSWERED.next" "$ANSWERED"
