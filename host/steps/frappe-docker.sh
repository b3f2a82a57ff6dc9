#!/bin/bash
# frappe_docker's compose files at the pinned commit. Git names a commit by its content, so what is checked out under that
# name is what was pinned.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

REPOSITORY="${ERPNEXT_FRAPPE_DOCKER_URL:-https://github.com/frappe/frappe_docker.git}"

load_environment
target="$ROOT/opt/frappe_docker-$FRAPPE_DOCKER_COMMIT"

is_intact() {
	[[ $(git -C "$target" rev-parse HEAD 2>/dev/null) == "$FRAPPE_DOCKER_COMMIT" ]] &&
		[[ -z $(git -C "$target" status --porcelain 2>&1) ]]
}

fetch() {
	local new="$target.new"
	rm -rf "$new" &&
		git init --quiet "$new" &&
		printf '/.env\n' >>"$new/.git/info/exclude" &&
		git -C "$new" -c http.lowSpeedLimit=1000 -c http.lowSpeedTime=30 fetch --quiet --depth 1 "$REPOSITORY" "$FRAPPE_DOCKER_COMMIT" &&
		git -C "$new" checkout --quiet --detach FETCH_HEAD &&
		rm -rf "$target" &&
		mv -T "$new" "$target"
}

is_intact || retry 4 "${ERPNEXT_RETRY_SECONDS:-10}" fetch || die "$REPOSITORY at $FRAPPE_DOCKER_COMMIT cannot be fetched"
is_intact || die "$target is not the commit $FRAPPE_DOCKER_COMMIT"
# A person who runs docker compose here gets what the steps give it.
export_config_digests
{
	cat "$HERE/.env"
	printf '%s="%s"\n' CADDY_DIGEST "$CADDY_DIGEST" HEALTH_DIGEST "$HEALTH_DIGEST" DATABASE_DIGEST "$DATABASE_DIGEST" \
		DELIVERIES_DIGEST "$DELIVERIES_DIGEST"
} >"$target/.env.next"
mv -T "$target/.env.next" "$target/.env"
ln -sfn "$target" "$FRAPPE_DIR.next"
mv -T "$FRAPPE_DIR.next" "$FRAPPE_DIR"
