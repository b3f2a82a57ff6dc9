#!/bin/sh
# Starts a Redis that keeps an append-only file. After the power was lost, the file may end in the middle of a command, or in zeros, and Redis
# refuses to start with it: what cannot be read at its end is cut off. A copy of the file stays beside it.
#   redis.sh <command…>     runs in Redis' own image, whose working directory is where the data is
set -eu

# Bytes at the end that are cut off unasked. What was not on the disk yet when the power went is two seconds of deliveries at most.
MOST=16777216

directory="appendonlydir"
manifest="$directory/appendonly.aof.manifest"
# Of any version of Redis (tried with 7.0 and 8.0): "…, size=123, ok_up_to=100, ok_up_to_line=9, diff=23", with the file's name from version 7 on.
torn="$(redis-check-aof "$manifest" 2>/dev/null | sed -n 's/.*diff=\([0-9]*\).*/\1/p' | tail -n 1)" || true
if [ "${torn:-0}" -gt 0 ]; then
	file="$directory/$(sed -n 's/^file \(.*\) seq [0-9]* type i.*/\1/p' "$manifest" | tail -n 1)"
	if [ "$torn" -gt "$MOST" ]; then
		echo "$file cannot be read from $torn bytes before its end, which no loss of power explains: restore it, or redis-check-aof --fix $manifest" >&2
		exit 1
	fi
	echo "$file ends in $torn bytes that are no command: they are cut off, and $file.torn is what it was" >&2
	cp -p "$file" "$file.torn"
	echo y | redis-check-aof --fix "$manifest" >/dev/null
fi
if command -v docker-entrypoint.sh >/dev/null; then
	exec docker-entrypoint.sh "$@"
fi
exec "$@"
