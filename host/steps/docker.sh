#!/bin/bash
# Docker from Docker's own repository at a pinned major version, with its data on the data disk, and the door's two
# containers, so that whatever goes wrong later can be read at /healthz.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
. "$HERE/stack.sh"

DOCKER_VERSION="5:28.*"
COMPOSE_VERSION="2.*"

REPOSITORY="${ERPNEXT_DOCKER_URL:-https://download.docker.com/linux/debian}"

# Docker's release key (https://docs.docker.com/engine/install/debian/); another key is not Docker's.
KEY_FINGERPRINT="9DC858229FC7DD38854AE2D88D81803C0EBFCD88"

apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=240 -o Acquire::Retries=5 "$@"
}

# put <mode> <file>: standard input into the file, if it differs. True when it did.
put() {
	local new="$2.next"
	mkdir -p "$(dirname "$2")"
	cat >"$new"
	chmod "$1" "$new"
	if cmp -s "$new" "$2"; then
		rm "$new"
		return 1
	fi
	mv -T "$new" "$2"
}

repository() {
	local key="$ROOT/etc/apt/keyrings/docker.asc" codename fingerprints
	# shellcheck source=/dev/null
	codename="$(. "$ROOT/etc/os-release" && printf '%s' "$VERSION_CODENAME")"
	if [[ ! -s $key ]]; then
		mkdir -p "$(dirname "$key")"
		curl --silent --show-error --fail --location --max-time 60 --retry 5 --output "$key.new" "$REPOSITORY/gpg"
		# apt trusts every key of the file: there may be no second one.
		fingerprints="$(gpg --show-keys --with-colons "$key.new" 2>/dev/null |
			awk -F : '$1 == "pub" { primary = 1 } $1 == "fpr" && primary { print $10; primary = 0 }' | paste -s -d ' ')"
		[[ $fingerprints == "$KEY_FINGERPRINT" ]] || die "$REPOSITORY/gpg is not Docker's key alone but ${fingerprints:-no key}"
		mv "$key.new" "$key"
	fi
	put 0644 "$ROOT/etc/apt/sources.list.d/docker.list" \
		<<<"deb [arch=amd64 signed-by=$key] $REPOSITORY $codename stable" || true
	put 0644 "$ROOT/etc/apt/preferences.d/docker" <<-PREFERENCES || true
		Package: docker-ce docker-ce-cli
		Pin: version $DOCKER_VERSION
		Pin-Priority: 1001

		Package: docker-compose-plugin
		Pin: version $COMPOSE_VERSION
		Pin-Priority: 1001
	PREFERENCES
}

# While dpkg's journal holds something, an installation is under way or the power cut one off; apt-get refuses to finish that.
finish_installation() {
	[[ -z $(find "$ROOT/var/lib/dpkg/updates" -type f 2>/dev/null) ]] ||
		retry 48 "${ERPNEXT_RETRY_SECONDS:-5}" dpkg --force-confdef --force-confold --configure -a ||
		die "an interrupted installation of packages cannot be finished: sudo dpkg --configure -a"
}

packages() {
	local wanted=(docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin)
	finish_installation
	local tools=(ca-certificates gnupg git iptables openssl unattended-upgrades)
	if ! dpkg-query --show "${tools[@]}" >/dev/null 2>&1; then
		apt update -qq
		apt install -y -qq --no-install-recommends "${tools[@]}"
	fi
	repository
	if [[ $(dpkg-query --show --showformat='${Version}' docker-ce 2>/dev/null || true) != ${DOCKER_VERSION/%\*/}* ]] ||
		! docker compose version >/dev/null 2>&1; then
		apt update -qq
		apt install -y -qq --no-install-recommends --allow-downgrades "${wanted[@]}"
	fi
}

# Debian's security updates, the kernel's among them, and Docker's within the major version that is pinned above: live-restore lets
# containers run on meanwhile. What needs a reboot waits for reboot.sh, which looks whether the server is busy.
security_updates() {
	put 0644 "$ROOT/etc/apt/apt.conf.d/52erpnext" <<-'CONFIGURATION' || true
		APT::Periodic::Update-Package-Lists "1";
		APT::Periodic::Unattended-Upgrade "1";
		Unattended-Upgrade::Origins-Pattern {
		        "origin=Debian,codename=${distro_codename},label=Debian-Security";
		        "origin=Debian,codename=${distro_codename}-security,label=Debian-Security";
		        "origin=Docker,label=Docker CE";
		};
		Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
		Unattended-Upgrade::Automatic-Reboot "false";
	CONFIGURATION
}

# The mirror is Google's cache of Docker Hub, so that its limits for the anonymous do not stop a boot.
daemon_configuration() {
	jq -n --arg root "$DATA_DIR/docker" '{
		"data-root": $root,
		"live-restore": true,
		"log-driver": "json-file",
		"log-opts": { "max-size": "20m", "max-file": "5" },
		"registry-mirrors": ["https://mirror.gcr.io"]
	}' | put 0644 "$ROOT/etc/docker/daemon.json"
}

# Never without the data disk, which would make a second, empty server; never without the wall around the metadata.
daemon_unit() {
	put 0644 "$ROOT/etc/systemd/system/docker.service.d/erpnext.conf" <<-UNIT
		[Unit]
		RequiresMountsFor=$DATA_DIR

		[Service]
		ExecStartPre=$ROOT/opt/erpnext/firewall.sh
	UNIT
}

start_docker() {
	local restart=""
	daemon_configuration && restart=yes
	daemon_unit && systemctl daemon-reload && restart=yes
	if [[ -n $restart ]] || ! docker info >/dev/null 2>&1; then
		systemctl restart docker.service
	fi
	systemctl enable --quiet docker.service
	"$HERE/firewall.sh"
	retry 12 "${ERPNEXT_RETRY_SECONDS:-5}" docker info >/dev/null || die "Docker does not start: journalctl -u docker"
	[[ $(docker info --format '{{.DockerRootDir}}') == "$DATA_DIR/docker" ]] ||
		die "Docker keeps its data in $(docker info --format '{{.DockerRootDir}}') and not on the data disk"
}

# compose.yaml is a project by itself for this one purpose; with frappe_docker's files it becomes the whole.
open_door() {
	mkdir -p "$STATUS_DIR"
	export_config_digests
	COMPOSE_FILE="$ROOT/opt/erpnext/compose.yaml" docker compose --project-directory "$HERE" \
		up --detach --no-build --no-deps --quiet-pull caddy health
}

load_environment
packages
security_updates
start_docker
open_door
