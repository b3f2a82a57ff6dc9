#!/bin/bash
# The site, if the database has none: made, its apps installed, its company set up. What is there is left as it is.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment

# The password was given to the database when it was made; a rotated secret does not change it.
answers() {
	query "SELECT 1" >/dev/null
}

# bench makes the site's folder before its database, and without --force it stops at either.
create() {
	local force=()
	if [[ $1 == partial || -e $CREATING ]]; then
		[[ $(site_orders) -eq 0 ]] || die "the site is damaged and holds orders: restore a backup (restore.sh)"
		log "making the site again: an earlier run was cut short"
		force=(--force)
	fi
	mkdir -p "$(dirname "$CREATING")"
	touch "$CREATING"
	bench_with_secrets "database-root-password administrator-password" \
		new-site "$SITE_NAME" --db-name "$DATABASE" --db-root-username root --db-root-password @database_root_password \
		--admin-password @administrator_password --mariadb-user-host-login-scope=% "${force[@]}"
	bench enable-scheduler
	# An app that bench lists may lack half of what it brings when its installation was cut short, and bench installs none twice.
	install_missing_apps
	rm "$CREATING"
}

# The fiscal year that today is in, from its first day (MM-DD).
fiscal_year() {
	local year first
	year="$(TZ="$TIME_ZONE" date +%Y)"
	[[ $(TZ="$TIME_ZONE" date +%m-%d) > $FISCAL_YEAR_START || $(TZ="$TIME_ZONE" date +%m-%d) == "$FISCAL_YEAR_START" ]] ||
		year=$((year - 1))
	first="$year-$FISCAL_YEAR_START"
	printf '%s %s' "$first" "$(date -u -d "$first +1 year -1 day" +%Y-%m-%d)"
}

set_up_company() {
	local first last
	read -r first last <<<"$(fiscal_year)"
	# ERPNext puts the abbreviation behind the account's name by itself.
	jq -n --arg first "$first" --arg last "$last" '{
		language: "English", country: $ENV.COUNTRY, currency: $ENV.CURRENCY, timezone: $ENV.TIME_ZONE,
		company_name: $ENV.COMPANY_NAME, company_abbr: $ENV.COMPANY_ABBREVIATION,
		chart_of_accounts: $ENV.CHART_OF_ACCOUNTS, fy_start_date: $first, fy_end_date: $last, history_from: $ENV.HISTORY_FROM,
		bank_account: ($ENV.BANK_ACCOUNT | rtrimstr(" - " + $ENV.COMPANY_ABBREVIATION)),
		full_name: "Administrator", setup_demo: 0, enable_telemetry: 0, domains: ["Distribution"]
	}' | site_python setup-site
}

retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" answers || die "MariaDB refuses database-root-password: it keeps the one it was made with, so put that back into the stack"
refuse_half_restored
# What a migration that was cut short has left is the next step's, which has a backup of the site.
[[ ! -s $MIGRATING ]] || exit 0
state="$(site_state)"
if [[ $state != complete ]]; then
	create "$state"
fi
if ! upgrade_pending; then
	install_missing_apps
	set_up_company
	[[ -n $(applied_ref) ]] || record_applied
fi
retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" site_answers || upgrade_pending || die "the site does not answer at /api/method/ping: docker compose logs backend"
