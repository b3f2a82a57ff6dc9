# shellcheck shell=bash disable=SC2034
# (Its names are used by the scripts that source it.)
# The containers and the site in them. No secret is an argument or a variable of `docker`: what a command inside needs is
# written to its standard input.

# Database of the site; a fixed name, so that whether it exists is a question to MariaDB and not to a folder.
DATABASE="erpnext"

# What changes documents without being asked.
JOB_SERVICES=(queue-short queue-long scheduler)

# What takes Shopify's deliveries, whatever else goes on: replaced one after the other.
RECEIVERS=(deliveries-receiver deliveries-receiver-standby)

# Everything else that stays up; the configurator ends when it is done.
SERVICES=(redis-deliveries "${RECEIVERS[@]}" deliveries-forwarder db redis-cache redis-queue backend frontend websocket caddy health cloudflared)

APPLIED="$DATA_DIR/state/applied.json"

# While it is there, a migration is under way, and it names the backup that the way back leads to.
MIGRATING="$DATA_DIR/state/migrating"

# While it is there, the way back was begun: the database may hold half of the backup, and nothing but the way back may go on from that.
GOING_BACK="$DATA_DIR/state/going-back"

# While it is there, a restore was begun and not finished, and it names the set.
RESTORING="$DATA_DIR/state/restoring"

# refuse_half_restored: asked where no restore is under way.
refuse_half_restored() {
	# shellcheck disable=SC2153 # of .env
	[[ ! -e $RESTORING ]] ||
		die "a restore was not finished and the site is in maintenance: sudo $ROOT/opt/erpnext/restore.sh $(<"$RESTORING") --force $CUSTOMER"
}

# Compose with everything (COMPOSE_FILE), from frappe_docker's directory, where its relative paths begin.
compose() {
	(cd "$FRAPPE_DIR" && docker compose "$@")
}

# A container is made again when its configuration changes, which a bind mount alone would not tell Compose; no other one is: the
# database does not go down for the door.
export_config_digests() {
	CADDY_DIGEST="$(digest_of Caddyfile)"
	HEALTH_DIGEST="$(digest_of health.caddy)"
	DATABASE_DIGEST="$(digest_of mariadb.cnf)"
	DELIVERIES_DIGEST="$(cat "$HERE"/deliveries/*.py | sha256sum | cut -c 1-16)"
	export CADDY_DIGEST HEALTH_DIGEST DATABASE_DIGEST DELIVERIES_DIGEST
}

digest_of() {
	sha256sum <"$HERE/$1" | cut -c 1-16
}

# The image that the site's database belongs to: empty before the first site.
applied_ref() {
	[[ ! -s $APPLIED ]] || jq -r .imageRef "$APPLIED"
}

applied_tag() {
	[[ ! -s $APPLIED ]] || jq -r .tag "$APPLIED"
}

# record_applied: from now on the site belongs to this update's image.
record_applied() {
	mkdir -p "$(dirname "$APPLIED")"
	jq -n '{ imageRef: $ENV.IMAGE_REF, tag: $ENV.CUSTOM_TAG }' >"$APPLIED.next"
	mv -T "$APPLIED.next" "$APPLIED"
}

upgrade_pending() {
	[[ -n $(applied_ref) && $(applied_ref) != "$IMAGE_REF" ]]
}

# The tag to run: until the migration is done, the one that the database belongs to.
current_tag() {
	if upgrade_pending; then applied_tag; else printf '%s' "$CUSTOM_TAG"; fi
}

# up <tag> [service…]: these, or all. One receiver is there while the other is replaced.
up() {
	local receiver
	for receiver in "${RECEIVERS[@]}"; do
		[[ $# -eq 1 || " ${*:2} " == *" $receiver "* ]] || continue
		CUSTOM_TAG="$1" compose up --detach --no-build --no-deps --quiet-pull "$receiver" || return
		wait_healthy 60 "$receiver" || return
	done
	CUSTOM_TAG="$1" compose up --detach --no-build --remove-orphans --quiet-pull "${@:2}"
}

# The code of deliveries/ at a place that outlives this release: a container that is not made again goes on to read it.
place_deliveries() {
	mkdir -p "$STATE_DIR/deliveries"
	cp --remove-destination "$HERE"/deliveries/*.py "$STATE_DIR/deliveries/"
}

# deliveries <arguments…>: what an operator asks of the deliveries (deliveries/admin.py).
deliveries() {
	compose exec -T deliveries-forwarder /home/frappe/frappe-bench/env/bin/python -B -m deliveries.admin "$@" </dev/null
}

# deliver_again <backup set>: the site is as it was when the set was begun; what has been delivered since is delivered again.
deliver_again() {
	local begun="${1%%-*}"
	deliveries replay --since "${begun:0:4}-${begun:4:2}-${begun:6:5}:${begun:11:2}:${begun:13:2}Z"
}

# wait_healthy <seconds> <service…>
wait_healthy() {
	local deadline=$((SECONDS + ${ERPNEXT_HEALTHY_SECONDS:-$1})) service sick
	shift
	while true; do
		sick=""
		for service in "$@"; do
			[[ $(health_of "$service") == healthy ]] || sick="$sick $service"
		done
		[[ -n $sick ]] || return 0
		if ((SECONDS >= deadline)); then
			# shellcheck disable=SC2086 # names
			tell_sick $sick
			return 1
		fi
		sleep "${ERPNEXT_RETRY_SECONDS:-5}"
	done
}

# tell_sick <service…>: the last words of those that were started and are not healthy.
tell_sick() {
	local service health
	for service in "$@"; do
		health="$(health_of "$service")"
		[[ $health != healthy && $health != created ]] || continue
		[[ $health == missing ]] || compose logs --no-color --tail 3 "$service" || true
		log "$service is $health"
	done
}

health_of() {
	local id
	id="$(compose ps --all --quiet "$1" 2>/dev/null | head -n 1)"
	[[ -n $id ]] || { printf 'missing' && return; }
	docker inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$id"
}

# end_leftovers: what a run that was killed had begun inside of containers goes on there, because `docker compose` only watches
# it. Of `compose run` the containers go; what was executed in backend ends with its restart.
end_leftovers() {
	local left
	left="$(docker ps --all --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" \
		--filter label=com.docker.compose.oneoff=True)"
	# shellcheck disable=SC2086 # ids
	[[ -z $left ]] || docker rm --force $left >/dev/null
	[[ $(health_of backend) == missing ]] || compose restart backend
}

# bench <arguments…>: the bench command on the customer's site. Never with a secret: it logs its arguments.
bench() {
	compose exec -T backend bench --site "$SITE_NAME" "$@" </dev/null
}

# site_python <script> [environment…]: a script of bench/ in the backend container, its input from this function's.
site_python() {
	local script="$1" pair variables=()
	shift
	for pair in "$@"; do
		variables+=(--env "$pair")
	done
	compose exec -T --workdir /home/frappe/frappe-bench/sites --env "SITE_NAME=$SITE_NAME" "${variables[@]}" backend \
		/home/frappe/frappe-bench/env/bin/python -c "$(<"$HERE/bench/$script.py")"
}

# secrets_json <secret key…>: an object of these secrets, for a script's input.
secrets_json() {
	local key arguments=()
	for key in "$@"; do
		[[ -r $SECRETS_DIR/$key ]] || { log "the secret $key is not on this server" >&2 && return 1; }
		arguments+=(--rawfile "${key//-/_}" "$SECRETS_DIR/$key")
	done
	# shellcheck disable=SC2016 # a program of jq
	jq -nc "${arguments[@]}" '$ARGS.named'
}

# bench_with_secrets <secret keys, space separated> <arguments…>: a bench command in which "@<key>" stands for a secret.
bench_with_secrets() {
	local keys
	read -r -a keys <<<"$1"
	shift
	# shellcheck disable=SC2016 # a program of jq
	secrets_json "${keys[@]}" | site_python run-command "ARGUMENTS=$(jq -nc '$ARGS.positional' --args -- "$@")"
}

# query <SQL>: as MariaDB's root. Its password lies in the container as a file; the client takes it from its environment.
query() {
	# shellcheck disable=SC2016 # expanded in the container
	compose exec -T db sh -c \
		'MYSQL_PWD="$(cat /run/secrets/database-root-password)" exec mariadb --user=root --batch --skip-column-names --execute="$1"' \
		sh "$1" </dev/null
}

# end_connections: ends every connection to the site's database. A request that ended badly can leave its connection open in
# the middle of a transaction, and DROP DATABASE or ALTER TABLE would wait for that one as long as lock_wait_timeout says.
end_connections() {
	local ids id
	ids="$(query "SELECT id FROM information_schema.processlist WHERE db = '$DATABASE'")" || return
	for id in $ids; do
		# It may have ended by itself.
		query "KILL $id" || true
	done
}

# While this file exists, the site is being made and its apps are installed: its database may hold anything.
CREATING="$DATA_DIR/state/creating"

# site_state: absent; partial when a creation was cut short; complete once Frappe has finished installing itself.
site_state() {
	local tables installed
	tables="$(query "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '$DATABASE'")" || return
	[[ $tables -gt 0 ]] || { printf 'absent' && return; }
	tables="$(query "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$DATABASE' AND table_name = 'tabDefaultValue'")" || return
	installed=0
	if [[ $tables -gt 0 ]]; then
		installed="$(query "SELECT COUNT(*) FROM \`$DATABASE\`.\`tabDefaultValue\` WHERE defkey = 'installed_apps' AND defvalue LIKE '%\"frappe\"%'")" || return
	fi
	if [[ $installed -gt 0 && ! -e $CREATING ]]; then printf 'complete'; else printf 'partial'; fi
}

# table_count <table> [database]: its rows; 0 when there is no such table.
table_count() {
	local database="${2:-$DATABASE}" count
	count="$(query "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$database' AND table_name = '$1'")" || return
	[[ $count -gt 0 ]] || { printf '0' && return; }
	query "SELECT COUNT(*) FROM \`$database\`.\`$1\`"
}

# free_bytes: of the data disk.
free_bytes() {
	df --output=avail --block-size=1 "$DATA_DIR" | tail -n 1
}

# site_orders: how many orders and invoices the site holds.
site_orders() {
	local orders invoices
	orders="$(table_count "tabSales Order")" || return
	invoices="$(table_count "tabSales Invoice")" || return
	printf '%s' $((orders + invoices))
}

# While it is there, the app that it names is being installed: bench lists it before all that it brings is there.
INSTALLING="$DATA_DIR/state/installing"

# Without apps of other countries, which every image of a release has.
without_left_out() {
	local app
	while IFS= read -r app; do
		[[ " ${APPS_LEFT_OUT:-} " == *" $app "* ]] || printf '%s\n' "$app"
	done
}

# Every app of the image that the site lacks, the one that others build on first; one that was cut short once more.
install_missing_apps() {
	local installed available app unfinished=""
	[[ ! -e $INSTALLING ]] || unfinished="$(<"$INSTALLING")"
	installed="$(bench list-apps --format json | jq -r ".[\"$SITE_NAME\"][]")" || return
	available="$(compose exec -T backend cat sites/apps.txt </dev/null)" || return
	while IFS= read -r app; do
		if [[ -n $app ]] && { [[ $app == "$unfinished" ]] || ! grep -qxF "$app" <<<"$installed"; }; then
			log "installing $app"
			mkdir -p "$(dirname "$INSTALLING")" && printf '%s' "$app" >"$INSTALLING" || return
			# Without --force bench refuses what an installation that was cut short has left.
			bench install-app --force "$app" || return
			rm "$INSTALLING" || return
		fi
	done < <(grep -x erpnext <<<"$available"; grep -vx -e erpnext -e frappe <<<"$available" | without_left_out | sort)
}

# ask_site <path> [curl's arguments…]: through nginx, as Caddy and cloudflared reach it.
ask_site() {
	compose exec -T frontend curl --silent --fail --max-time 10 "${@:2}" --header "Host: $SITE_NAME" \
		"http://127.0.0.1:8080$1" </dev/null
}

site_answers() {
	ask_site /api/method/ping --output /dev/null
}

# Frappe keeps the names of its style sheets and scripts in redis-cache under this key, beside the sites' own, where neither its
# clear-cache nor most versions' migrate clears it. Whatever page was made with the old image, if only to say that the site is in
# maintenance, wrote the old names there, and no page that names them has a style or a script.
forget_assets() {
	# shellcheck disable=SC2016 # expanded in the container
	compose exec -T redis-cache sh -c 'REDISCLI_AUTH="$(sed -n "s/^requirepass //p" /run/secrets/redis.conf)" exec redis-cli "$@"' \
		sh DEL assets_json </dev/null >/dev/null
}

# The sheet has a hash of its content in its name: an image has the names of its own alone.
site_has_style() {
	local page sheet
	page="$(ask_site /login)" || { log "the login page does not answer" && return 1; }
	sheet="$(grep -o '<link[^>]*>' <<<"$page" | grep 'rel="stylesheet"' | grep -o 'href="/[^"]*"' | head -n 1 | cut -d '"' -f 2)"
	[[ -n $sheet ]] || { log "the login page names no style sheet" && return 1; }
	ask_site "$sheet" --output /dev/null || { log "the login page asks for $sheet, which this image does not have" && return 1; }
}
