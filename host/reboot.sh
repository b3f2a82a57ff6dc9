#!/bin/bash
# Reboots the server where an update of its packages asks for that (Debian leaves /run/reboot-required), unless it is busy: then the next night.
# Deliveries that come meanwhile are repeated by Shopify; everything starts by itself.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"

[[ -e $ROOT/run/reboot-required ]] || exit 0
# A run, a backup or a restore holds the lock; what failed is checked by people first.
state="$(status_get .state)"
[[ $state == ready ]] || { log "the server is ${state:-not there yet}, so it is not rebooted for its updates: tomorrow again" && exit 0; }
with_lock 0 systemctl reboot || { log "the server is busy, so it is not rebooted for its updates: tomorrow again" && exit 0; }
