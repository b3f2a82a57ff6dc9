#!/bin/bash
# Google's access token for the container that pulls deliveries from Pub/Sub: it cannot ask the metadata server (firewall.sh), and gets a token
# that is good for Pub/Sub alone, of which the server may read one subscription. The metadata server gives out one token until five minutes
# before its end, so a look every four minutes leaves none that has ended.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/google.sh"

# https://developers.google.com/identity/protocols/oauth2/scopes#pubsub
SCOPE="https://www.googleapis.com/auth/pubsub"

load_environment
[[ -n ${DELIVERIES_SUBSCRIPTION:-} ]] || exit 0
umask 077
directory="$RUN_DIR/puller"
mkdir -p "$directory"
token_of "?scopes=$SCOPE" >"$directory/.token" || die "the metadata server gives no token for Pub/Sub: deliveries wait there"
chmod 0400 "$directory/.token"
# In the image its user is 1000.
chown 1000:1000 "$directory" "$directory/.token"
mv -T "$directory/.token" "$directory/access-token"
