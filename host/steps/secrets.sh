#!/bin/bash
# The secrets of this update into tmpfs, one file each, readable to root alone. What did not change keeps its file, because
# running containers have that very file mounted.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/google.sh"

# cloudflared's image runs as this user, and reads its token itself.
CLOUDFLARED_USER=65532

# Redis' user and group in its image.
REDIS_OWNER=999:1000

# version_of <key>: the version that this update wrote; a newer one belongs to an update that is still under way.
version_of() {
	local pair
	for pair in $SECRET_VERSIONS; do
		[[ ${pair%%=*} != "$1" ]] || { printf '%s' "${pair#*=}" && return; }
	done
	printf 'latest'
}

fetch() {
	local key="$1" new="$SECRETS_DIR/.new"
	rm -f "$new"
	secret_value "$SECRET_PREFIX$key" "$(version_of "$key")" >"$new" || return 1
	[[ -s $new ]] || return 1
	chmod 0400 "$new"
	[[ $key != tunnel-token ]] || chown "$CLOUDFLARED_USER:$CLOUDFLARED_USER" "$new"
	if cmp -s "$new" "$SECRETS_DIR/$key"; then
		rm -f "$new"
	else
		mv -T "$new" "$SECRETS_DIR/$key"
		log "read $key"
	fi
}

# The passwords of Redis are known to this server only. They are made once and stay where ERPNext keeps its own copy: on the data disk.
GENERATED=(redis-password redis-deliveries-password)

generate() {
	local kept="$DATA_DIR/passwords" name
	mkdir -p "$kept"
	for name in "${GENERATED[@]}"; do
		if [[ ! -s $kept/$name ]]; then
			openssl rand -hex 32 | tr -d '\n' >"$kept/.new"
			sync "$kept/.new"
			mv -T "$kept/.new" "$kept/$name"
		fi
		install -m 0400 "$kept/$name" "$SECRETS_DIR/$name"
	done
}

# put <program> <owner> <name>: standard input as what the program reads itself, by its own user.
put() {
	local directory="$RUN_DIR/$1"
	mkdir -p "$directory"
	(umask 0377 && rm -f "$directory/.new" && cat >"$directory/.new")
	chown "$2" "$directory" "$directory/.new"
	mv -T "$directory/.new" "$directory/$3"
}

# What a program in Frappe's image reads itself, and no more of it: the receiver is asked by the whole world.
# hand_over <program> <key…>
hand_over() {
	local program="$1" key
	shift
	for key in "$@"; do
		if [[ -e $SECRETS_DIR/$key ]]; then
			put "$program" "$FRAPPE_ID:$FRAPPE_ID" "$key" <"$SECRETS_DIR/$key"
		else
			rm -f "$RUN_DIR/$program/$key"
		fi
	done
}

# What Secret Manager has no more goes; what this server made or was given stays.
remove_others() {
	local file
	for file in "$SECRETS_DIR"/*; do
		[[ ! -e $file || " $SECRET_KEYS ${GENERATED[*]} shopify-access-token " == *" $(basename "$file") "* ]] || rm -f "$file"
	done
}

load_environment
umask 077
mkdir -p "$SECRETS_DIR"
chmod 0700 "$SECRETS_DIR"
for key in $SECRET_KEYS; do
	# A role that was just granted takes a minute to count.
	retry 5 "${ERPNEXT_RETRY_SECONDS:-15}" fetch "$key" || die "the secret $SECRET_PREFIX$key cannot be read; see the lines above"
done
remove_others
generate
hand_over receiver shopify-api-secret shopify-api-secret-previous redis-deliveries-password
hand_over forwarder automation-api-key automation-api-secret redis-deliveries-password
hand_over configurator redis-password
put redis "$REDIS_OWNER" redis.conf < <(printf 'requirepass %s\n' "$(<"$SECRETS_DIR/redis-password")")
put redis-deliveries "$REDIS_OWNER" redis.conf < <(printf 'requirepass %s\n' "$(<"$SECRETS_DIR/redis-deliveries-password")")
if [[ -n ${DELIVERIES_SUBSCRIPTION:-} ]]; then
	hand_over puller shopify-api-secret shopify-api-secret-previous redis-deliveries-password
	"$HERE/bus-token.sh"
else
	rm -rf "$RUN_DIR/puller"
fi
