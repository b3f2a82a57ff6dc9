//go:build tools

// Package caddy pins Caddy: go.mod and go.sum beside it say from what it is built, tools/caddy/ builds it.
package caddy

import _ "github.com/caddyserver/caddy/v2/cmd/caddy"
