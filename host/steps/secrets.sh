#!/bin/bash
# The secrets of this update into tmpfs, one file each, readable to root alone. What did not change keeps its file, because
# running containers have that very file mounted.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/google.sh"

# cloudflared's image runs as this user, and reads its token itself.
CLOUDFLARED_USER=65532

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

# What a program of deliveries/ reads itself, and no more of it: the receiver is asked by the whole world. In the image its user is 1000.
# hand_over <program> <key…>
hand_over() {
	local directory="$RUN_DIR/$1" key
	shift
	mkdir -p "$directory"
	for key in "$@"; do
		if [[ -e $SECRETS_DIR/$key ]]; then
			install -m 0400 "$SECRETS_DIR/$key" "$directory/.new"
			chown 1000:1000 "$directory/.new"
			mv -T "$directory/.new" "$directory/$key"
		else
			rm -f "$directory/$key"
		fi
	done
	chown 1000:1000 "$directory"
}

remove_others() {
	local file
	for file in "$SECRETS_DIR"/*; do
		[[ ! -e $file || " $SECRET_KEYS " == *" $(basename "$file") "* ]] || rm -f "$file"
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
hand_over receiver shopify-api-secret shopify-api-secret-previous
hand_over forwarder automation-api-key automation-api-secret
