#!/bin/bash
# A live worker for each queue, and no job that waits beside one for long: otherwise Shopify's deliveries are taken and never
# become orders.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment
# No other step would say so of a server that was ready when the restore began, and whose operator lost the connection.
refuse_half_restored

# Said once, however often it was looked.
words=""
look() {
	words="$("$HERE/facts.sh" 2>&1)"
}

retry 10 "${ERPNEXT_RETRY_SECONDS:-10}" look || die "$words"

# Containers that reach the metadata server get the machine's own credentials, so the wall is built again, and one of them asks past it.
"$HERE/firewall.sh"
! compose exec -T backend curl --silent --output /dev/null --max-time 5 http://169.254.169.254/ </dev/null ||
	die "containers reach the metadata server, which hands out this server's credentials: sudo iptables --list-rules DOCKER-USER"

# A pull of the order history that was cut short goes on as soon as all is well again; if it cannot, it does so the next time.
"$HERE/backfill.sh" resume || log "the pull of the order history was not taken up again"
