#!/bin/bash
# The image by its digest, under the customer's own name, which is never pulled. Docker's login lives in tmpfs and for this
# step only.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/google.sh"
. "$HERE/stack.sh"

load_environment
export DOCKER_CONFIG="$RUN_DIR/docker"

# A run that was killed could not log out, and a token lives an hour.
rm -rf "$DOCKER_CONFIG"

log_in() {
	local said
	mkdir -p "$RUN_DIR"
	mkdir -m 0700 "$DOCKER_CONFIG"
	trap 'rm -rf "$DOCKER_CONFIG"' EXIT
	said="$(access_token | docker login --username oauth2accesstoken --password-stdin "https://${IMAGE_REF%%/*}" 2>&1)" ||
		die "the server cannot log in at the registry ${IMAGE_REF%%/*}: ${said##*$'\n'}"
}

# provide <reference with digest> <tag>
provide() {
	[[ $1 == *@sha256:* ]] || die "IMAGE_REF is \"$1\" and names no digest"
	# A tag beside the digest says nothing more, and not every Docker takes both.
	local exact="${1%@*}" digest="${1#*@}"
	# Not what follows the colon of a registry's port.
	[[ ${exact##*/} != *:* ]] || exact="${exact%:*}"
	exact="$exact@$digest"
	if ! docker image inspect "$exact" >/dev/null 2>&1; then
		[[ -d $DOCKER_CONFIG ]] || log_in
		retry 3 "${ERPNEXT_RETRY_SECONDS:-15}" docker pull --quiet "$exact" || die "the image $exact cannot be pulled"
	fi
	docker tag "$exact" "$CUSTOM_IMAGE:$2"
}

if upgrade_pending; then
	[[ $(applied_tag) != "$CUSTOM_TAG" ]] ||
		die "the tag $CUSTOM_TAG already names another image, the one in use: give the new one a new erpnext.imageTag"
	provide "$(applied_ref)" "$(applied_tag)"
fi
provide "$IMAGE_REF" "$CUSTOM_TAG"
