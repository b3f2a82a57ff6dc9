#!/bin/bash
# A live worker for each queue, and no job that waits beside one for long: otherwise Shopify's deliveries are taken and never
# become orders.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

# Said once, however often it was looked.
words=""
look() {
	words="$("$HERE/facts.sh" 2>&1)"
}

retry 10 "${ERPNEXT_RETRY_SECONDS:-10}" look || die "$words"
