#!/bin/sh
# Starts Pulumi's language host for Node.js. This version takes its options as flags instead of from Pulumi.yaml, and flags end at
# the first address, so that those of PULUMI_LANGUAGE_NODEJS_FLAGS ("-nodeargs=--enable-source-maps -typescript=false") go before the engine's own.
set -euf
# Split at blanks on purpose; set -f above keeps it from being taken for file names.
# shellcheck disable=SC2086
exec "${0%/*}/../lib/pulumi-language-nodejs" ${PULUMI_LANGUAGE_NODEJS_FLAGS:-} "$@"
