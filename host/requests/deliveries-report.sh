#!/bin/bash
# What waits, is parked and failed, and how many were taken and refused: one line of JSON (deliveries/admin.py).
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

load_environment
deliveries report
