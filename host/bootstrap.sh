#!/bin/bash
# The server's first script, run by Google's guest agent at every boot (metadata key `startup-script`), and again by
# watch.sh as `bootstrap.sh unpack` when the metadata changes. It takes the files and the environment out of the metadata,
# checks them against their digest, puts them in place in one move, and leaves the work to the units.
set -euo pipefail

ROOT="${ERPNEXT_ROOT:-}"
METADATA_URL="${ERPNEXT_METADATA_URL:-http://metadata.google.internal/computeMetadata/v1}"
RELEASES="$ROOT/opt/erpnext-releases"
CURRENT="$ROOT/opt/erpnext"
UNITS="$ROOT/etc/systemd/system"

# Releases kept, the current one included: enough to read what the last update changed.
KEPT_RELEASES=3

say() {
	printf 'bootstrap: %s\n' "$*"
}

# A new machine's package lists may be under way by another process; apt waits for its lock.
ensure_tools() {
	local missing=() tool
	for tool in curl jq; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[[ ${#missing[@]} -eq 0 ]] && return
	say "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	# What the power cut off in an installation is finished first: apt-get refuses to do so.
	dpkg --force-confdef --force-confold --configure -a || true
	timeout 300 apt-get -o DPkg::Lock::Timeout=240 update -qq
	timeout 300 apt-get -o DPkg::Lock::Timeout=240 install -y -qq --no-install-recommends "${missing[@]}"
}

# attribute <key> <file>: the value byte for byte; the shell would cut its last line break.
attribute() {
	curl --silent --show-error --fail --max-time 20 --retry 8 --retry-delay 2 --retry-connrefused \
		--header "Metadata-Flavor: Google" --output "$2" "$METADATA_URL/instance/attributes/$1"
}

# write_files <json file> <directory>: every file under its path, scripts executable. No file holds a NUL, so one ends each.
write_files() {
	local path content
	while IFS= read -r -d '' path && IFS= read -r -d '' content; do
		if [[ ! $path =~ ^[A-Za-z0-9_][A-Za-z0-9_./-]*$ || $path == *..* ]]; then
			say "refused the path \"$path\""
			return 1
		fi
		mkdir -p "$2/$(dirname "$path")"
		printf '%s' "$content" >"$2/$path"
		[[ $path != *.sh ]] || chmod 0755 "$2/$path"
	done < <(jq --join-output 'to_entries[] | .key, "\u0000", .value, "\u0000"' "$1")
}

unpack() {
	local new expected actual
	mkdir -p "$RELEASES"
	# What a run that was killed had begun.
	rm -rf "$RELEASES"/.new.*
	new="$(mktemp -d "$RELEASES/.new.XXXXXX")"
	# shellcheck disable=SC2064 # the directory of this very call
	trap "rm -rf '$new'" EXIT
	attribute erpnext-files "$new/files.json"
	attribute erpnext-env "$new/.env"
	attribute erpnext-digest "$new/.digest"
	expected="$(<"$new/.digest")"
	actual="sha256:$({ cat "$new/files.json" && printf '\n' && cat "$new/.env"; } | sha256sum | cut -d ' ' -f 1)"
	if [[ $actual != "$expected" ]]; then
		say "the metadata is $actual and should be $expected: it is changing, or someone edited it by hand"
		return 1
	fi
	write_files "$new/files.json" "$new"
	rm "$new/files.json"
	chmod 0600 "$new/.env"
	chmod 0755 "$new"
	switch_to "$new" "$RELEASES/${expected#sha256:}"
	say "unpacked $expected"
}

# switch_to <new directory> <its place>: readers see the old release or the new one, never something between. Written to the disk
# first: a power cut would otherwise leave the name, and under it empty files.
switch_to() {
	if ! diff --recursive --brief "$1" "$2" >/dev/null 2>&1; then
		sync --file-system "$1"
		rm -rf "$2"
		mv -T "$1" "$2"
	fi
	touch "$2"
	ln -sfn "$2" "$CURRENT.next"
	mv -T "$CURRENT.next" "$CURRENT"
	find "$RELEASES" -mindepth 1 -maxdepth 1 -type d ! -name '.new.*' -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2- |
		tail -n "+$((KEPT_RELEASES + 1))" | while IFS= read -r old; do rm -rf "$old"; done
}

# A unit that the release no longer has would otherwise go on with a script that is gone.
remove_others() {
	local unit
	for unit in "$UNITS"/erpnext-*; do
		if [[ -f $unit && ! -e $CURRENT/units/$(basename "$unit") ]]; then
			systemctl disable --quiet --now "$(basename "$unit")" || true
			rm -f "$unit"
			changed=yes
		fi
	done
}

# Enabled each time: a boot that was cut short may have installed them and no more.
install_units() {
	local unit changed=""
	mkdir -p "$UNITS"
	for unit in "$CURRENT"/units/*; do
		if ! cmp -s "$unit" "$UNITS/$(basename "$unit")"; then
			install -m 0644 "$unit" "$UNITS/"
			changed=yes
		fi
	done
	remove_others
	[[ -z $changed ]] || systemctl daemon-reload
	systemctl enable --quiet erpnext-converge.service erpnext-watch.service
	systemctl enable --quiet --now erpnext-backup.timer erpnext-restore-proof.timer erpnext-refresh-token.timer \
		erpnext-metrics.timer erpnext-reboot.timer erpnext-subscriptions.timer erpnext-bus-token.timer
}

main() {
	ensure_tools
	unpack
	install_units
	if [[ ${1:-} != unpack ]]; then
		systemctl start --no-block erpnext-converge.service erpnext-watch.service
	fi
}

main "$@"
