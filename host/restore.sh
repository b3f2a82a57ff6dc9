#!/bin/bash
# Brings a backup from the bucket into this server's site, asking nothing. A site with orders is only overwritten when its
# customer is named.
#   restore.sh <set | latest> [--force <customer>]
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/google.sh"
. "$HERE/stack.sh"

LOCK_WAIT=10800

usage() {
	die "usage: restore.sh <set | latest> [--force <customer>]; the latest sets: $(whole_sets | tail -n 5 | paste -s -d ' ')"
}

fetch_set() {
	local name size md5
	mkdir -p "$folder"
	# An earlier restore that was cut short has left it to bench.
	take_back "$folder"
	download "$SITE_NAME/$id/manifest.json" "$folder/manifest.json" || die "there is no set $id in $BACKUP_BUCKET"
	while IFS=$'\t' read -r name size md5; do
		[[ $name =~ ^[a-z_.-]+$ ]] || die "the manifest of $id names \"$name\""
		download "$SITE_NAME/$id/$name" "$folder/$name" || die "$name of $id cannot be read from $BACKUP_BUCKET"
		[[ $(stat --format=%s "$folder/$name") == "$size" && $(md5_base64 "$folder/$name") == "$md5" ]] ||
			die "$name of $id is not what was sent to $BACKUP_BUCKET"
	done < <(jq -r '.files[] | [.name, (.size | tostring), .md5] | @tsv' "$folder/manifest.json")
	[[ ! -e $folder/site_config.json.enc ]] || sealed decrypt "$folder/site_config.json.enc" "$folder/site_config.json" ||
		die "site_config.json of $id cannot be opened: it was sealed with another database-root-password than this stack's"
	key="$(jq -c '{ encryption_key }' "$folder/site_config.json")"
	chown "root:$FRAPPE_ID" "$folder"/*
	chmod 0640 "$folder"/*
	# bench unpacks the dump beside it.
	lend "$folder"
}

refuse_orders() {
	local orders
	orders="$(site_orders)"
	# shellcheck disable=SC2153 # of .env
	[[ $orders -eq 0 || $force == "$CUSTOMER" ]] ||
		die "the site of $CUSTOMER holds $orders orders and invoices; to replace them say --force $CUSTOMER"
}

# While it is there, the site is in maintenance and holds half of a set. No run of converge.sh takes it out of that.
interrupted() {
	local code=$?
	[[ ! -e $RESTORING || $code -eq 0 ]] ||
		log "the restore of $(<"$RESTORING") was not finished: the site stays in maintenance; run restore.sh $(<"$RESTORING") --force $CUSTOMER"
	return "$code"
}

# The backup's database may be older than the code, so migrate follows; its users carry the keys of then.
replace() {
	local inside="/home/frappe/backups/$id"
	mkdir -p "$(dirname "$RESTORING")"
	printf '%s' "$id" >"$RESTORING"
	trap interrupted EXIT
	"$HERE/backfill.sh" forget
	bench set-maintenance-mode on
	compose stop "${JOB_SERVICES[@]}"
	end_connections
	bench_with_secrets "database-root-password" --site "$SITE_NAME" --force restore "$inside/database.sql.gz" \
		--with-public-files "$inside/files.tar" --with-private-files "$inside/private-files.tar" \
		--db-root-username root --db-root-password @database_root_password
	rm -f "$INSTALLING"
	printf '%s' "$key" | site_python encryption-key
	bench migrate
	# bench keeps it as it was before, which it takes for off where an interrupted restore left no database to ask.
	bench enable-scheduler
	"$HERE/steps/automation-user.sh"
	up "$(current_tag)"
	wait_healthy 600 deliveries-forwarder
	deliver_again "$id"
	rm "$RESTORING"
	bench set-maintenance-mode off
	retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" site_answers || die "the restored site does not answer: docker compose logs backend"
}

restore() {
	[[ $id != latest ]] || id="$(whole_sets | tail -n 1)"
	[[ -n $id ]] || die "there is no whole set of $SITE_NAME in $BACKUP_BUCKET"
	# What an interrupted restore left is no site any more, and nothing of it is worth keeping.
	if [[ -e $RESTORING ]]; then
		end_leftovers
	else
		[[ $(site_state) == complete ]] || die "there is no site to restore into: let converge.sh make one first"
		refuse_orders
	fi
	folder="$DATA_DIR/backups/$id"
	mkdir -p "$RUN_DIR"
	fetch_set
	replace
	log "restored $id"
}

load_environment
export_config_digests
id="${1:-}" force=""
[[ $id =~ ^(latest|[0-9]{8}T[0-9]{6}Z-[a-z0-9-]+)$ ]] || usage
if [[ $# -gt 1 ]]; then
	[[ $2 == --force && -n ${3:-} && $# -eq 3 ]] || usage
	force="$3"
fi
with_lock "$LOCK_WAIT" restore
