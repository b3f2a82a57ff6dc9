#!/bin/bash
# Ends the pull of the order history. What is done stays done.
set -euo pipefail
exec "$(dirname "$(readlink -f "$0")")/../backfill.sh" stop
