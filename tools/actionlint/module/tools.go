//go:build tools

// Package actionlint pins actionlint: go.mod and go.sum beside it say from what it is built, tools/actionlint/ builds it.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
