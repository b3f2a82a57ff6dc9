#!/bin/sh
# Starts Pulumi's language host for Node.js. This version takes its options as flags instead of from Pulumi.yaml, so they are read from
# there: `typescript` and `nodeargs` of runtime.options, each on a line of its own. The engine starts this in the program's directory.
# Flags end at the first address, so those of PULUMI_LANGUAGE_NODEJS_FLAGS ("-typescript=false") go before the engine's own arguments too.
set -euf
root=$PWD
while [ ! -f "$root/Pulumi.yaml" ] && [ "$root" != / ]; do
  root=$(dirname "$root")
done
option() {
  if [ -f "$root/Pulumi.yaml" ]; then
    sed -n "s/^ \{1,\}$1: *//p" "$root/Pulumi.yaml"
  fi
}
nodeargs=$(option nodeargs)
typescript=$(option typescript)
[ -z "$nodeargs" ] || set -- "-nodeargs=$nodeargs" "$@"
[ -z "$typescript" ] || set -- "-typescript=$typescript" "$@"
# Split at blanks on purpose; set -f above keeps it from being taken for file names.
# shellcheck disable=SC2086
exec "${0%/*}/../lib/pulumi-language-nodejs" ${PULUMI_LANGUAGE_NODEJS_FLAGS:-} "$@"
