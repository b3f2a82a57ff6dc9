"use strict";

const tseslint = require("typescript-eslint");
const importX = require("eslint-plugin-import-x").default ?? require("eslint-plugin-import-x");

/**
 * The house: data flows intake -> customers -> components -> infra -> scripts, and imports never turn back.
 * Every room may import from core/, the ground floor, which imports from none. A zone reads "a file in target may not import from `from`".
 */
const may = {
  customers: [],
  clients: ["reconciliation"],
  components: ["customers", "clients", "console"],
  console: ["clients", "reconciliation"],
  infra: ["customers", "clients", "components", "console"],
  reconciliation: [],
  scripts: ["customers", "clients", "components", "console", "infra", "reconciliation", "tools"],
  tools: [],
  host: ["components", "infra"],
  sandbox: ["customers", "clients", "components", "console", "infra", "reconciliation", "scripts", "tools"],
};
const rooms = [...Object.keys(may), "core"];
const zones = rooms.flatMap((target) =>
  rooms
    .filter((from) => from !== target && from !== "core" && !may[target]?.includes(from))
    .map((from) => ({ target: `./${target}`, from: `./${from}`, message: `${target}/ may not import from ${from}/.` })),
);

module.exports = tseslint.config(
  { ignores: ["node_modules", "coverage"] },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    // Without it no import of TypeScript is found, and no zone is ever seen to be left: no-unresolved says so.
    settings: {
      "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".tsx", ".js", ".cjs"] })],
    },
    rules: {
      "import-x/no-unresolved": "error",
      "import-x/no-restricted-paths": ["error", { basePath: __dirname, zones }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", 3],
      complexity: ["error", 12],
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // Components and providers get their values handed in, so that the same arguments always give the same resources.
    files: ["components/**/*.ts", "customers/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env" },
        { object: "Math", property: "random" },
      ],
    },
  },
  {
    // A catalogue is a table, and a translator works through it from top to bottom.
    files: ["core/messages/{de,en,es,fr,nl}.ts"],
    rules: { "max-lines": "off" },
  },
  {
    // A Worker has no other log than its console.
    files: ["console/log.ts"],
    rules: { "no-console": "off" },
  },
  {
    // A test may hold what it tests against a stand-in or another room's fixture.
    files: ["**/*.test.ts", "**/testing/**/*.ts", "host/test/**/*.ts"],
    rules: {
      "import-x/no-restricted-paths": "off",
      "max-lines": "off",
      "max-lines-per-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
