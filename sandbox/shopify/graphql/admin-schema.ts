import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, isScalarType, type GraphQLSchema, type IntrospectionQuery } from "graphql";
import { inWholeSeconds } from "../shown-time";
import type { AdminVersion } from "../versions";

const schemas = new Map<AdminVersion, GraphQLSchema>();

/** @shopify/dev-mcp exports no data file and cannot be required, so its folder is looked for where Node would look. */
function introspectionPath(version: AdminVersion): string {
  const inside = join("@shopify", "dev-mcp", "dist", "data", `admin_${version}.json.gz`);
  const found = (require.resolve.paths("@shopify/dev-mcp") ?? [])
    .map((folder) => join(folder, inside))
    .find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `the Admin schema ${version} is not installed: npm install brings @shopify/dev-mcp, which holds it`,
    );
  }
  return found;
}

/**
 * Shopify's own Admin schema of a version, from the introspection result that @shopify/dev-mcp ships: a query that the real API
 * would not take is not taken here. The first use of a version costs 0.3 to 0.5 s, the next none.
 */
export function adminSchema(version: AdminVersion): GraphQLSchema {
  const known = schemas.get(version);
  if (known !== undefined) return known;
  const file = JSON.parse(gunzipSync(readFileSync(introspectionPath(version))).toString("utf8")) as {
    data: IntrospectionQuery;
  };
  const schema = buildClientSchema(file.data, { assumeValid: true });
  const dateTime = schema.getType("DateTime");
  if (isScalarType(dateTime))
    dateTime.serialize = (value) => (typeof value === "string" ? inWholeSeconds(value) : value);
  schemas.set(version, schema);
  return schema;
}
