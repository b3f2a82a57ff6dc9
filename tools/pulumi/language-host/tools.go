//go:build tools

// Package languagehost pins Pulumi's language host for Node.js: the newest version whose module still holds it.
package languagehost

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
