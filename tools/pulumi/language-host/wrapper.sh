#!/bin/sh
# Starts Pulumi's language host for Node.js. This version takes its options as flags instead of from Pulumi.yaml, so they are read from
# there: `typescript` and `nodeargs` of runtime.options, each on a line of its own. The engine starts this in the program's directory.
# Flags end at the first address, so they go before the engine's own arguments, and those of PULUMI_LANGUAGE_NODEJS_FLAGS before all.
set -euf
root=$PWD
while [ ! -f "$root/Pulumi.yaml" ] && [ -n "$root" ]; do
  root=${root%/*}
done
if [ -f "$root/Pulumi.yaml" ]; then
  while IFS= read -r line; do
    option=${line#"${line%%[! ]*}"}
    case $option in
      "nodeargs: "*) set -- "-nodeargs=${option#nodeargs: }" "$@" ;;
      "typescript: "*) set -- "-typescript=${option#typescript: }" "$@" ;;
    esac
  done <"$root/Pulumi.yaml"
fi
# Split at blanks on purpose; set -f above keeps it from being taken for file names.
# shellcheck disable=SC2086
exec "${0%/*}/../lib/pulumi-language-nodejs" ${PULUMI_LANGUAGE_NODEJS_FLAGS:-} "$@"
