#!/bin/bash
# All containers, healthy. A new image waits for the step migrate: until then the one runs that the database belongs to.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment
export_config_digests
place_deliveries
services=("${SERVICES[@]}")
[[ -z ${DELIVERIES_SUBSCRIPTION:-} ]] || services+=(deliveries-puller)
# Whatever changes the whole database leaves a file while it does, and this step comes before all that would begin it again.
[[ ! -e $CREATING && ! -e $INSTALLING && ! -e $MIGRATING && ! -e $RESTORING ]] || end_leftovers
# A migration or a restore that was cut short left a database that no job may touch.
[[ -e $MIGRATING || -e $RESTORING ]] || services+=("${JOB_SERVICES[@]}")
# Compose names the container that the others wait for, and not what that one said.
up "$(current_tag)" "${services[@]}" || { tell_sick configurator "${services[@]}" && die "Compose did not start every container; see the lines above"; }
wait_healthy 600 "${services[@]}" || die "not every container is healthy; see the lines above"
