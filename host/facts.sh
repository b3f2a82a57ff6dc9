#!/bin/bash
# What can be seen of the running site goes into the status that /healthz serves, under "facts": image and patches, queues,
# disk, the last delivery. Looks after the queues on the way (bench/queues.py). Ends with 1 and a sentence for each thing
# that is wrong with them; what follows from that is decided by steps/workers.sh.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$HERE/stack.sh"

# Bytes of each disk. With none left of the data disk, redis-queue takes no job, and every delivery is answered 500; with none left of the
# boot disk, this status cannot be written, and stands as it was.
LEAST_FREE=268435456

# Seconds that a delivery may wait while the site is there.
LONGEST_WAIT=900

# The connector's patches in the image, which is asked once; {} when it cannot say.
patches() {
	local report
	if [[ $(status_get .facts.image.ref) == "$(applied_ref)" && -n $(status_get .facts.patches) ]]; then
		printf '{}'
		return
	fi
	# It ends with 1 when a patch is missing, and reports all the same.
	report="$(compose exec -T backend python3 -B /opt/erpnext-image/patch_connector.py --apps-dir apps --check --json \
		</dev/null 2>/dev/null || true)"
	jq -c '{ patches: [.patches[] | { id, state }] }' <<<"${report:-null}" 2>/dev/null || printf '{}'
}

# disk <directory on it>
disk() {
	df --output=size,avail --block-size=1 "$1" | tail -n 1 |
		jq -cR '[splits(" +") | select(. != "") | tonumber] | { totalBytes: .[0], freeBytes: .[1] }'
}

load_environment
# They are received while everything else is changed.
waiting="$(deliveries report --counts 2>/dev/null)" || waiting=""
[[ -z $waiting ]] || status_facts "$(jq -nc --argjson deliveries "$waiting" '$ARGS.named')"
# None of these is a site that can be asked.
[[ ! -e $CREATING && ! -e $MIGRATING && ! -e $RESTORING ]] || exit 0
seen="$(site_python queues </dev/null | tail -n 1)"
disk="$(disk "$DATA_DIR")"
boot_disk="$(disk "$HERE")"
status_facts "$(jq -n --argjson seen "$seen" --argjson patches "$(patches)" --argjson disk "$disk" --argjson bootDisk "$boot_disk" \
	--arg now "$(now)" --arg ref "$(applied_ref)" --arg tag "$(applied_tag)" \
	'{ checkedAt: $now, image: { ref: $ref, tag: $tag }, $disk, $bootDisk } + $patches + $seen.facts')"
faults="$(jq -r '.faults[]' <<<"$seen")"
free="$(jq .freeBytes <<<"$disk")"
((free >= LEAST_FREE)) ||
	faults="the data disk has $free bytes free, and deliveries are refused when there are none: enlarge gcp.dataDiskGb${faults:+
$faults}"
free="$(jq .freeBytes <<<"$boot_disk")"
((free >= LEAST_FREE)) ||
	faults="the boot disk has $free bytes free, and this status stands still when there are none: sudo du --one-file-system -d 3 / | sort -n | tail${faults:+
$faults}"
oldest="$(jq -r '.oldestWaitingSeconds // 0' <<<"${waiting:-null}")"
((oldest < LONGEST_WAIT)) ||
	faults="the oldest delivery has waited for $oldest s: docker compose logs deliveries-forwarder${faults:+
$faults}"
[[ -z $faults ]] || die "$faults"
