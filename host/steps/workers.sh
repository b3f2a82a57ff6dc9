#!/bin/bash
# A live worker for each queue: without one, Shopify's deliveries are taken and never become orders.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

alive() {
	site_python workers </dev/null
}

load_environment
retry 10 "${ERPNEXT_RETRY_SECONDS:-10}" alive
