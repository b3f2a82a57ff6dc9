#!/bin/bash
# The data disk at its place: formatted only when there is nothing on it, mounted by its device id, grown to its size.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"

is_attached() {
	[[ $(lsblk --nodeps --noheadings --output TYPE "$DEVICE" 2>/dev/null) == disk ]]
}

# blkid ends with 2 when it recognises nothing; any other end must not lead to mkfs.
format_if_blank() {
	local code=0
	blkid --probe "$DEVICE" >/dev/null || code=$?
	case "$code" in
	0) return ;;
	2) ;;
	*) die "what is on $DATA_DEVICE cannot be told (blkid ended with $code); it is left alone" ;;
	esac
	[[ $(lsblk --noheadings --output NAME "$DEVICE" | wc -l) -eq 1 ]] ||
		die "$DATA_DEVICE has partitions; it is left alone"
	log "formatting $DATA_DEVICE"
	mkfs.ext4 -q -m 0 -L erpnext -E lazy_itable_init=0,lazy_journal_init=0,discard "$DEVICE"
}

# The entry lets the disk be there before Docker at the next boot; nofail, because without it a lost disk would also
# take away the way to look at the machine.
mount_it() {
	local entry="$DEVICE $DATA_DIR ext4 defaults,nofail,discard,x-systemd.device-timeout=60s 0 2"
	mkdir -p "$DATA_DIR"
	if ! grep -qxF "$entry" "$ROOT/etc/fstab"; then
		sed -i "\|^[^ ]* $DATA_DIR |d" "$ROOT/etc/fstab"
		printf '%s\n' "$entry" >>"$ROOT/etc/fstab"
		systemctl daemon-reload
	fi
	mountpoint --quiet "$DATA_DIR" || mount "$DATA_DIR"
	[[ $(readlink -f "$(findmnt --noheadings --output SOURCE "$DATA_DIR")") == "$(readlink -f "$DEVICE")" ]] ||
		die "$DATA_DIR is mounted from another disk than $DATA_DEVICE"
	resize2fs "$DEVICE"
}

# Frappe's containers see the backups and write in the one folder that they are lent (lib.sh).
directories() {
	mkdir -p "$DATA_DIR/docker" "$DATA_DIR/caddy" "$DATA_DIR/state" "$DATA_DIR/backups"
	chown "root:$FRAPPE_ID" "$DATA_DIR/backups"
	chmod 0750 "$DATA_DIR/backups"
	chmod 0700 "$DATA_DIR/caddy"
}

load_environment
DEVICE="$ROOT$DATA_DEVICE"
retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" is_attached || die "the data disk $DATA_DEVICE is not attached"
format_if_blank
mount_it
directories
