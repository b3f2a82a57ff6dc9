//go:build tools

// Package cli pins the Pulumi CLI: go.mod and go.sum beside it say from what it is built, tools/pulumi/ builds it.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
