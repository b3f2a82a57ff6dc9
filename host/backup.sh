#!/bin/bash
# A backup of database, files and the site's configuration: made by bench, checked, sent to the bucket, compared there. The
# manifest goes last, so a set that has one is whole.
#   backup.sh [reason]     prints the set's name, e.g. 20261123T020000Z-nightly
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/google.sh"
. "$HERE/stack.sh"

# Sets that also stay on the data disk, for a quick way back.
LOCAL_SETS=2

# Waits for a run of converge.sh; a migration of a large site takes two hours.
LOCK_WAIT=10800

# Name in the set, and what bench's own name ends with.
declare -A ENDING=(
	[database.sql.gz]=-database.sql.gz [files.tar]=-files.tar [private-files.tar]=-private-files.tar
	[site_config.json]=-site_config_backup.json
)

# What is sent of it.
SENT=(database.sql.gz files.tar private-files.tar site_config.json.enc)

# counts: how many orders and invoices there are. Orders come in while the dump is made, so what it holds lies between two.
counts() {
	jq -nc --argjson orders "$(table_count "tabSales Order")" --argjson invoices "$(table_count "tabSales Invoice")" \
		'{ "Sales Order": $orders, "Sales Invoice": $invoices }'
}

make_set() {
	local name file found
	rm -rf "$folder"
	mkdir -p "$folder"
	lend "$folder"
	(cd "$FRAPPE_DIR" && within 7200 docker compose exec -T backend bench --site "$SITE_NAME" backup \
		--with-files --backup-path "/home/frappe/backups/$id" </dev/null)
	take_back "$folder"
	for name in "${!ENDING[@]}"; do
		found=""
		for file in "$folder"/*"${ENDING[$name]}"; do
			# "-files.tar" also ends the name of the private files.
			[[ $name == files.tar && $file == *-private-files.tar ]] || found="$file"
		done
		[[ -s $found ]] || die "bench made no $name"
		mv -T "$found" "$folder/$name"
		chown "root:$FRAPPE_ID" "$folder/$name"
		chmod 0640 "$folder/$name"
	done
	rm -f "$folder/manifest.json"
	# Who reads the bucket does not also get the key to the passwords in the dump.
	sealed encrypt "$folder/site_config.json" "$folder/site_config.json.enc" || die "site_config.json cannot be sealed"
	rm "$folder/site_config.json"
	gzip --test "$folder/database.sql.gz" || die "the dump of the database is damaged"
	# A dump that ended early has no last line.
	zcat "$folder/database.sql.gz" | tail -c 200 | grep -q "Dump completed" || die "the dump of the database is not complete"
}

write_manifest() {
	local name
	for name in "${SENT[@]}"; do
		jq -n --arg name "$name" --arg md5 "$(md5_base64 "$folder/$name")" --argjson size "$(stat --format=%s "$folder/$name")" \
			'$ARGS.named'
	done | jq -s --arg id "$id" --arg imageRef "$(applied_ref)" --arg tag "$(applied_tag)" \
		--argjson least "$least" --argjson most "$(counts)" \
		'{ id: $id, site: $ENV.SITE_NAME, imageRef: $imageRef, tag: $tag, files: sort_by(.name),
		   counts: ($least | with_entries(.value = { least: .value, most: $most[.key] })) }' >"$folder/manifest.json"
}

send() {
	local name
	for name in "${SENT[@]}"; do
		upload "$folder/$name" "$SITE_NAME/$id/$name" || die "$name did not arrive in $BACKUP_BUCKET"
	done
	upload "$folder/manifest.json" "$SITE_NAME/$id/manifest.json" || die "manifest.json did not arrive in $BACKUP_BUCKET"
}

forget_old_sets() {
	local old keep=""
	[[ ! -s $MIGRATING ]] || keep="$(<"$MIGRATING")"
	find "$DATA_DIR/backups" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort -r | tail -n "+$((LOCAL_SETS + 1))" |
		while IFS= read -r old; do
			[[ $old == "$keep" ]] || rm -rf "${DATA_DIR:?}/backups/$old"
		done
}

backup() {
	id="$(date -u +%Y%m%dT%H%M%SZ)-$1"
	folder="$DATA_DIR/backups/$id"
	mkdir -p "$RUN_DIR"
	# Of a run that was killed: the address of its upload is a credential.
	rm -f "$RUN_DIR"/upload.*
	[[ $(site_state) == complete ]] || die "there is no site to back up"
	least="$(counts)"
	make_set
	write_manifest
	send
	mark_old_sets || log "older sets could not be marked as replaced and stay in $BACKUP_BUCKET; the next backup tries again" >&2
	forget_old_sets
	status_backup "$id"
	[[ -z ${ERPNEXT_BACKUP_RESULT:-} ]] || printf '%s' "$id" >"$ERPNEXT_BACKUP_RESULT"
	log "$id"
}

reason="${1:-manual}"
[[ $reason =~ ^[a-z][a-z0-9-]{0,40}$ ]] || die "the reason of a backup is a word of a-z, 0-9 and hyphens, not \"$reason\""
load_environment
with_lock "$LOCK_WAIT" backup "$reason"
