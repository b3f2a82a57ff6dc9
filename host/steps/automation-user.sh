#!/bin/bash
# The user that the stack's own requests come from, the one that the Sync Console reads as, and for a Dev-Dashboard app the day's token.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment
secrets_json automation-api-key automation-api-secret administrator-password |
	site_python automation-user "AUTOMATION_USER=$AUTOMATION_USER" "AUTOMATION_ROLES=$AUTOMATION_ROLES" \
		"CONSOLE_USER=console@$CUSTOMER.invalid"
if [[ $SHOPIFY_APP == dev-dashboard ]]; then
	"$HERE/refresh-token.sh"
fi
