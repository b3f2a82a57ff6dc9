#!/bin/bash
# Restores the newest set of the bucket into a database of its own beside the site's, compares what is in it with what the
# set says, and drops it again. How it ended is in /healthz under facts.restoreProof. A backup that was never restored is a
# hope.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/google.sh"
. "$HERE/stack.sh"

PROOF_DATABASE="erpnext_restore_proof"

# Bytes that a byte of the compressed dump may need on the disk, as a database and as the dump itself.
GROWTH=20

id=""

# result <true|false> <detail>: the facts say it, and so does the journal.
result() {
	status_facts "$(jq -n --argjson ok "$1" --arg detail "$2" --arg set "$id" --arg now "$(now)" \
		'{ restoreProof: { set: (if $set == "" then null else $set end), at: $now, ok: $ok, detail: $detail } }')"
	log "$2"
	[[ $1 == true ]]
}

clean_up() {
	rm -rf "$folder"
	query "DROP DATABASE IF EXISTS \`$PROOF_DATABASE\`" >/dev/null 2>&1 || true
}

# The client reads the dump from its input; nothing else of the server waits for it.
load_dump() {
	query "CREATE DATABASE \`$PROOF_DATABASE\`" >/dev/null &&
		nice -n 19 zcat "$folder/database.sql.gz" | compose exec -T db sh -c \
			"MYSQL_PWD=\"\$(cat /run/secrets/database-root-password)\" exec nice -n 19 mariadb --user=root $PROOF_DATABASE"
}

# differences: a sentence for each table whose rows are not as many as the manifest says.
differences() {
	local table least most found
	while IFS=$'\t' read -r table least most; do
		found="$(table_count "tab$table" "$PROOF_DATABASE")" || return
		((least <= found && found <= most)) || printf '%s %s rows instead of %s to %s. ' "$found" "$table" "$least" "$most"
	done < <(jq -r '.counts | to_entries[] | [.key, .value.least, .value.most] | @tsv' "$folder/manifest.json")
}

prove() {
	local size free wrong
	folder="$DATA_DIR/backups/.restore-proof"
	trap clean_up EXIT
	clean_up
	mkdir -p "$folder" "$RUN_DIR"
	id="$(newest_set)" || { result false "the bucket $BACKUP_BUCKET cannot be read" || return 1; }
	[[ -n $id ]] || { result false "there is no whole set in $BACKUP_BUCKET" || return 1; }
	fetch_file manifest.json || { result false "the manifest of $id cannot be read" || return 1; }
	[[ $(jq 'has("counts")' "$folder/manifest.json") == true ]] ||
		{ result false "the set $id does not say what is in it; the next one will" || return 1; }
	size="$(jq '.files[] | select(.name == "database.sql.gz") | .size' "$folder/manifest.json")"
	free="$(free_bytes)"
	((free > size * GROWTH)) ||
		{ result false "skipped: the data disk has $free bytes free, and $id may need $((size * GROWTH))" || return 1; }
	fetch_file database.sql.gz || { result false "database.sql.gz of $id cannot be read" || return 1; }
	[[ $(md5_base64 "$folder/database.sql.gz") == "$(jq -r '.files[] | select(.name == "database.sql.gz") | .md5' "$folder/manifest.json")" ]] ||
		{ result false "database.sql.gz of $id is not what was sent to $BACKUP_BUCKET" || return 1; }
	load_dump || { result false "MariaDB does not take the dump of $id" || return 1; }
	wrong="$(differences)" || { result false "the restored database of $id cannot be asked" || return 1; }
	[[ -z $wrong ]] || { result false "$id restored: $wrong" || return 1; }
	result true "$id restored: $(jq -r '[.counts | to_entries[] | "\(.value.least) \(.key)"] | join(", ")' "$folder/manifest.json")"
}

fetch_file() {
	download "$SITE_NAME/$id/$1" "$folder/$1"
}

newest_set() {
	local sets
	sets="$(whole_sets)" || return
	tail -n 1 <<<"$sets"
}

load_environment
with_lock 10800 prove
