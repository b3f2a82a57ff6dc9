#!/bin/bash
# A backup now. Its last word is the set's name.
set -euo pipefail
exec "$(dirname "$(readlink -f "$0")")/../backup.sh" requested
