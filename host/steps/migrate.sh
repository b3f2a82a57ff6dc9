#!/bin/bash
# A new image: backup, maintenance, migrate with the new code, and only then the new containers. When it fails, the old
# image and the database from before come back. A run that was cut short goes on with the backup it had made; on its way back, or
# when the old image is wanted again, it goes back.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment
export_config_digests
upgrade_pending || [[ -s $MIGRATING ]] || exit "$SKIPPED"
old_tag="$(applied_tag)"

# Bytes beside that: the dump, MariaDB's own logs, what is delivered meanwhile.
MARGIN=1073741824

# MariaDB builds a table that is altered beside the old one, and the way back loads the whole database: a disk that fills up meanwhile
# would cut off both.
refuse_full_disk() {
	local size free
	size="$(query "SELECT COALESCE(SUM(file_size), 0) FROM information_schema.innodb_sys_tablespaces WHERE name LIKE '$DATABASE/%'")" || return
	free="$(free_bytes)"
	((free > size + MARGIN)) ||
		die "the data disk has $free bytes free, and a migration may need $((size + MARGIN)): nothing was begun; enlarge gcp.dataDiskGb"
}

prepare() {
	mkdir -p "$(dirname "$MIGRATING")"
	[[ -s $MIGRATING ]] || refuse_full_disk
	# The step workers lets it go on.
	"$HERE/backfill.sh" pause
	if [[ ! -s $MIGRATING ]]; then
		ERPNEXT_BACKUP_RESULT="$MIGRATING.next" "$HERE/backup.sh" before-migration || die "no backup, so no migration; see the lines above"
		mv -T "$MIGRATING.next" "$MIGRATING"
	fi
	# Frappe answers 503 from now on. Deliveries are received, and wait.
	bench set-maintenance-mode on
	compose stop "${JOB_SERVICES[@]}"
	end_connections
}

# The configurator writes the new image's list of apps; migrate runs in the new code before anything else does.
migrate() {
	compose run --rm --no-deps -T configurator </dev/null &&
		compose run --rm --no-deps -T backend bench --site "$SITE_NAME" migrate </dev/null &&
		up "$CUSTOM_TAG" &&
		wait_healthy 600 backend frontend websocket "${JOB_SERVICES[@]}" &&
		forget_assets &&
		install_missing_apps &&
		bench set-maintenance-mode off &&
		retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" site_answers &&
		retry 3 "${ERPNEXT_RETRY_SECONDS:-5}" site_has_style
}

# Files are not touched by a migration, so only the database goes back. A way back that was cut short leaves no database that
# bench could ask whether its scheduler is on; it then takes it for off. What was delivered while the backup was made is delivered again.
go_back() {
	compose stop "${JOB_SERVICES[@]}" &&
		up "$old_tag" db redis-cache redis-queue backend &&
		wait_healthy 600 db redis-cache redis-queue backend &&
		end_connections &&
		lend "$DATA_DIR/backups/$(<"$MIGRATING")" &&
		bench_with_secrets "database-root-password" --site "$SITE_NAME" --force restore \
			"/home/frappe/backups/$(<"$MIGRATING")/database.sql.gz" --db-root-username root --db-root-password @database_root_password &&
		rm -f "$INSTALLING" &&
		bench enable-scheduler &&
		up "$old_tag" &&
		wait_healthy 600 backend frontend deliveries-forwarder "${JOB_SERVICES[@]}" &&
		forget_assets &&
		deliver_again "$(<"$MIGRATING")" &&
		bench set-maintenance-mode off &&
		rm -f "$GOING_BACK" "$MIGRATING"
}

# Images older than the one to go back to.
forget_old_images() {
	local tag
	docker image ls --format '{{.Tag}}' "$CUSTOM_IMAGE" | while IFS= read -r tag; do
		[[ $tag == "$CUSTOM_TAG" || $tag == "$old_tag" ]] || docker image rm "$CUSTOM_IMAGE:$tag" >/dev/null || true
	done
}

prepare
if [[ -e $GOING_BACK ]] || ! upgrade_pending || ! migrate; then
	log "--- the migration failed or was given up; going back to $old_tag"
	touch "$GOING_BACK"
	go_back || die "the migration to $CUSTOM_TAG failed, and so did the way back: the site is in maintenance; backup $(<"$MIGRATING")"
	retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" site_answers || die "$old_tag has its data back and does not answer at /api/method/ping: docker compose logs backend"
	upgrade_pending || exit 0
	die "the migration to $CUSTOM_TAG failed and $old_tag runs again with its data: see $LOG_DIR/migrate.log"
fi
# In this order: what is recorded beside a backup is taken for a migration to give up, and the way back would lose the orders since.
rm "$MIGRATING"
record_applied
forget_old_images
