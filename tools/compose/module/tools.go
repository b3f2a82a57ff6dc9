//go:build tools

// Package compose pins Docker Compose: go.mod and go.sum beside it say from what it is built, tools/compose/ builds it.
package compose

import _ "github.com/docker/compose/v2/cmd"
