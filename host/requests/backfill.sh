#!/bin/bash
# Begins the pull of the order history by the plan in the parameters, or goes on with the same one; /healthz tells the rest.
set -euo pipefail
exec "$(dirname "$(readlink -f "$0")")/../backfill.sh" begin
