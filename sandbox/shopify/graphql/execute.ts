import {
  execute,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import type { LeakyBucket } from "../leaky-bucket";
import type { AdminVersion } from "../versions";
import { supportedVersions } from "../versions";
import { adminSchema } from "./admin-schema";
import { catalogQueries } from "./catalog-fields";
import { gid, resolveField, type AdminContext } from "./context";
import { actualCost, requestedCost } from "./cost";
import { nodeQueries } from "./node-fields";
import { orderQueries } from "./order-fields";
import { orderMutations } from "./order-mutations";
import { apiVersionNode, webhookMutations, webhookQueries } from "./webhook-fields";

/** The most that Shopify lets one query ask for, whatever the bucket holds. */
const singleQueryLimit = 1000;

/** What the body of a request holds. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

export interface AdminRequest extends GraphqlRequest {
  readonly version: AdminVersion;
  readonly context: AdminContext;
  readonly bucket: LeakyBucket;
}

type Answer = Record<string, unknown>;

const queryRoot = {
  currentAppInstallation: (_: unknown, { app }: AdminContext) => ({
    id: gid("AppInstallation", app.id * 10),
    app: {
      id: gid("App", app.id),
      title: app.title,
      handle: app.handle,
      apiKey: app.apiKey,
      webhookApiVersion: app.webhookApiVersion,
    },
    accessScopes: app.scopes.map((handle) => ({ handle, description: handle.replaceAll("_", " ") })),
  }),
  shop: (_: unknown, { shop: { state } }: AdminContext) => ({
    id: gid("Shop", state.id),
    name: state.name,
    email: state.email,
    contactEmail: state.email,
    myshopifyDomain: state.domain,
    url: `https://${state.domain}`,
    primaryDomain: { host: state.domain, url: `https://${state.domain}`, sslEnabled: true },
    currencyCode: state.currency,
    ianaTimezone: state.timeZone,
    billingAddress: billingAddressOf(state.locations[0]?.countryCode ?? "DE"),
    taxesIncluded: true,
    createdAt: state.createdAt,
    plan: { publicDisplayName: "Basic", shopifyPlus: false, partnerDevelopment: false },
  }),
  publicApiVersions: () => [...supportedVersions, "unstable"].map(apiVersionNode),
  ...nodeQueries,
  ...webhookQueries,
  ...orderQueries,
  ...catalogQueries,
};

function billingAddressOf(countryCodeV2: string): Answer {
  return { countryCodeV2, country: new Intl.DisplayNames("en", { type: "region" }).of(countryCodeV2) ?? null };
}

const mutationRoot = { ...webhookMutations, ...orderMutations };

/** What is asked, for the request log: the operation's kind and its root fields. */
export function describeOperation(request: GraphqlRequest): { write: boolean; summary: string } {
  try {
    const operation = getOperationAST(parse(request.query), request.operationName);
    const fields = operation?.selectionSet.selections.map((part) =>
      part.kind === Kind.FIELD ? part.name.value : "...",
    );
    const kind = operation?.operation ?? OperationTypeNode.QUERY;
    return { write: kind === OperationTypeNode.MUTATION, summary: `${kind} ${fields?.join(", ") ?? ""}`.trim() };
  } catch {
    return { write: false, summary: "unreadable GraphQL" };
  }
}

/** Shopify's server words the commonest mistake its own way, and clients know it by that. */
function inShopifysWords(error: GraphQLError): Answer {
  const [, field, type] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message) ?? [];
  const plain = { message: error.message, locations: error.locations };
  if (field === undefined) return { ...plain, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } };
  return {
    ...plain,
    message: `Field '${field}' doesn't exist on type '${type ?? ""}'`,
    extensions: { code: "undefinedField", typeName: type, fieldName: field },
  };
}

/** A variable that does not fit ends the request before it runs. */
function invalidVariable(error: GraphQLError): Answer {
  const [, name] = /^Variable "\$(\w+)"/.exec(error.message) ?? [];
  if (name === undefined) return { message: error.message, locations: error.locations, extensions: error.extensions };
  return {
    message: `Variable $${name} was provided invalid value`,
    locations: error.locations,
    extensions: { code: "INVALID_VARIABLE", problems: [{ path: [], explanation: error.message }] },
  };
}

interface Readable {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

function read(request: GraphqlRequest, schema: GraphQLSchema): Readable | Answer {
  let document: DocumentNode;
  try {
    document = parse(request.query);
  } catch (error) {
    const { message, locations } = error as GraphQLError;
    return { errors: [{ message, locations, extensions: { code: "PARSE_ERROR" } }] };
  }
  const mistakes = validate(schema, document);
  if (mistakes.length > 0) return { errors: mistakes.map(inShopifysWords) };
  const operation = getOperationAST(document, request.operationName);
  if (operation === null || operation === undefined) return { errors: [{ message: "An operation name is required" }] };
  return { document, operation };
}

function defaultsOf(operation: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
    ),
  );
}

function costOf(bucket: LeakyBucket, requested: number, actual: number | null): Answer {
  return {
    requestedQueryCost: requested,
    actualQueryCost: actual,
    throttleStatus: {
      maximumAvailable: bucket.size.maximum,
      currentlyAvailable: Math.max(0, Math.floor(bucket.available)),
      restoreRate: bucket.size.restorePerSecond,
    },
  };
}

function refused(code: string, message: string): { errors: Answer[] } {
  return { errors: [{ message, extensions: { code, documentation: "https://shopify.dev/api/usage/rate-limits" } }] };
}

function rootOf(operation: OperationDefinitionNode): object {
  return operation.operation === OperationTypeNode.MUTATION ? mutationRoot : queryRoot;
}

/** Runs a GraphQL request as Shopify would; what it answers always goes out with HTTP 200. */
export async function answerGraphql(request: AdminRequest): Promise<Answer> {
  const schema = adminSchema(request.version);
  const readable = read(request, schema);
  if (!("operation" in readable)) return readable;
  const { document, operation } = readable as Readable;
  const priced = { schema, document, operation, variables: { ...defaultsOf(operation), ...request.variables } };
  const requested = requestedCost(priced);
  const { bucket, context } = request;
  if (requested > singleQueryLimit) {
    const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${singleQueryLimit}).`;
    return refused("MAX_COST_EXCEEDED", message);
  }
  if (!bucket.take(requested)) {
    return { ...refused("THROTTLED", "Throttled"), extensions: { cost: costOf(bucket, requested, null) } };
  }
  const result: ExecutionResult = await execute({
    schema,
    document,
    rootValue: rootOf(operation),
    contextValue: context,
    variableValues: request.variables,
    operationName: request.operationName ?? null,
    fieldResolver: resolveField,
  });
  if (result.data === undefined) {
    bucket.refund(requested);
    return { errors: result.errors?.map(invalidVariable) ?? [] };
  }
  const actual = actualCost(priced, result.data);
  bucket.refund(requested - actual);
  return {
    ...(result.errors === undefined ? {} : { errors: result.errors.map((error) => error.toJSON()) }),
    data: result.data,
    extensions: {
      cost: costOf(bucket, requested, actual),
      ...(context.remarks.length === 0 ? {} : { search: context.remarks }),
    },
  };
}
