# shellcheck shell=bash
# Google's APIs with the machine's own identity. A token goes to curl through a file descriptor: arguments are visible to
# every process, and a file would outlive its use.

METADATA_URL="${ERPNEXT_METADATA_URL:-http://metadata.google.internal/computeMetadata/v1}"
STORAGE_URL="${ERPNEXT_STORAGE_URL:-https://storage.googleapis.com}"
SECRET_MANAGER_URL="${ERPNEXT_SECRET_MANAGER_URL:-https://secretmanager.googleapis.com}"

# Newest whole sets of the bucket that stay there whatever their age.
KEPT_SETS=7

# Tries of one upload; a session that breaks leaves no object behind.
UPLOAD_TRIES=3

access_token() {
	token_of ""
}

# token_of <query>: with "?scopes=…" it is good for these alone, without for every scope of the machine.
token_of() {
	curl --silent --show-error --fail --max-time 10 --retry 5 --retry-delay 2 --retry-connrefused \
		--header "Metadata-Flavor: Google" "$METADATA_URL/instance/service-accounts/default/token$1" | jq -er .access_token
}

# google_api <curl arguments…>: no --retry here, because curl would write a refused answer into an output twice.
google_api() {
	local token
	token="$(access_token)" || return
	curl --silent --show-error --fail-with-body --connect-timeout 10 \
		--config <(printf 'header = "Authorization: Bearer %s"\n' "$token") "$@"
}

url_encode() {
	jq -rn --arg text "$1" '$text | @uri'
}

# secret_value <id> <version>: the payload on standard output, byte for byte.
secret_value() {
	local path="v1/projects/$GCP_PROJECT/secrets/$1/versions/$2:access" answer
	answer="$(google_api --max-time 20 "$SECRET_MANAGER_URL/$path")" || {
		# The answer of a refusal says why and carries no payload.
		log "Secret Manager refused $1 version $2: $(jq -r '.error.message? // empty' <<<"$answer" 2>/dev/null)" >&2
		return 1
	}
	jq -er .payload.data <<<"$answer" | base64 --decode
}

# upload <file> <object>: into the backup bucket, under a name that is not taken, then compared with what Google stored.
upload() {
	local attempt
	for ((attempt = 1; attempt <= UPLOAD_TRIES; attempt++)); do
		upload_once "$1" "$2" && return
		log "upload of $2 failed (try $attempt of $UPLOAD_TRIES)" >&2
		sleep "${ERPNEXT_RETRY_SECONDS:-$((attempt * 10))}"
	done
	return 1
}

# The server may add objects and not overwrite them (components/backup-bucket.ts): a try that arrived although its answer
# was lost shows as 412, and is as good as one that was answered if the content is ours.
upload_once() {
	local file="$1" object="$2" headers session stored
	headers="$(mktemp "$RUN_DIR/upload.XXXXXX")"
	if ! google_api --max-time 60 --output /dev/null --dump-header "$headers" --request POST --data "" \
		"$STORAGE_URL/upload/storage/v1/b/$BACKUP_BUCKET/o?uploadType=resumable&ifGenerationMatch=0&name=$(url_encode "$object")"; then
		rm -f "$headers"
		verify_upload "$file" "$object"
		return
	fi
	# The session's address is a credential by itself, hence the descriptor again.
	session="$(sed -n 's/^[Ll]ocation: *\([^\r]*\)\r*$/\1/p' "$headers")"
	rm -f "$headers"
	[[ -n $session ]] || return 1
	stored="$(curl --silent --show-error --fail-with-body --connect-timeout 10 --max-time 7200 --speed-limit 1024 --speed-time 120 \
		--config <(printf 'url = "%s"\n' "$session") --upload-file "$file")" || return 1
	same_content "$file" "$stored"
}

# verify_upload <file> <object>
verify_upload() {
	local stored
	stored="$(google_api --max-time 60 "$STORAGE_URL/storage/v1/b/$BACKUP_BUCKET/o/$(url_encode "$2")")" || return 1
	same_content "$1" "$stored"
}

md5_base64() {
	openssl dgst -md5 -binary "$1" | base64
}

# same_content <file> <object resource as JSON>
same_content() {
	local size md5
	size="$(stat --format=%s "$1")"
	md5="$(md5_base64 "$1")"
	[[ $(jq -r '.size' <<<"$2") == "$size" && $(jq -r '.md5Hash' <<<"$2") == "$md5" ]] && return
	log "the bucket stored something else than $1 ($size bytes, md5 $md5)" >&2
	return 1
}

# download <object> <file>
download() {
	google_api --max-time 7200 --speed-limit 1024 --speed-time 120 --output "$2" \
		"$STORAGE_URL/storage/v1/b/$BACKUP_BUCKET/o/$(url_encode "$1")?alt=media"
}

# list_objects <prefix> [jq filter]: names, one a line, sorted; of all objects, or of those that the filter lets through.
list_objects() {
	local token="" page
	while true; do
		page="$(google_api --max-time 60 \
			"$STORAGE_URL/storage/v1/b/$BACKUP_BUCKET/o?fields=items(name,customTime),nextPageToken&prefix=$(url_encode "$1")&pageToken=$(url_encode "$token")")" || return
		jq -r ".items[]? | select(${2:-true}) | .name" <<<"$page"
		token="$(jq -r '.nextPageToken // empty' <<<"$page")"
		[[ -n $token ]] || return 0
	done
}

# whole_sets: backup sets of this site that have a manifest, oldest first: the names begin with their time. None of the future, which no server has
# made whose clock is right: "latest" would be what someone planted.
whole_sets() {
	local names now
	names="$(list_objects "$SITE_NAME/")" || return
	# An hour is more than a clock goes wrong.
	now="$(date -u -d "1 hour" +%Y%m%dT%H%M%SZ)"
	sed -n 's|.*/\([^/]*\)/manifest.json$|\1|p' <<<"$names" | sort | awk -v now="$now" '$0 < now'
}

# mark_replaced <object>: the bucket may delete it once it is old enough (components/backup-bucket.ts). It cannot be undone.
mark_replaced() {
	google_api --max-time 60 --output /dev/null --request PATCH --header "Content-Type: application/json" \
		--data "{\"customTime\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}" "$STORAGE_URL/storage/v1/b/$BACKUP_BUCKET/o/$(url_encode "$1")"
}

# mark_old_sets: the bucket deletes by age only what is marked: a server that makes no new sets marks nothing, and its last ones stay.
mark_old_sets() {
	local sets oldest object
	sets="$(whole_sets)" || return
	[[ $(wc -l <<<"$sets") -gt $KEPT_SETS ]] || return 0
	oldest="$(tail -n "$KEPT_SETS" <<<"$sets" | head -n 1)"
	# A name that is like "<site>/<set>/<file>".
	list_objects "$SITE_NAME/" '.customTime == null' | awk -F / -v oldest="$oldest" '$(NF - 1) < oldest' |
		while IFS= read -r object; do mark_replaced "$object" || return; done
}
