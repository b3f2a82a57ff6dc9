#!/bin/bash
# The verdict on the next delivery's signature: {"seconds": <1 to 540>}. It is told without the delivery's content.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

seconds="$(jq -r '.seconds // empty | tostring')"
[[ $seconds =~ ^[1-9][0-9]{0,2}$ && $seconds -le 540 ]] || die "\"seconds\" is a whole number from 1 to 540"

load_environment
deliveries capture "$seconds"
