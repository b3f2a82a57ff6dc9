import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/**
 * What Shopify charges for a query. The rules are fitted to requests and costs recorded from a live shop (airhorns/shopify-draft-proxy,
 * 2025-01 to 2026-04): an object costs 1, a connection 2 plus its node's cost for each of `size(n)` where size grows with the logarithm of
 * `first`, a root `...Count` field 10, a mutation 10 whatever it selects; scalars, money and page info cost nothing.
 */
const mutationCost = 10;
const countCost = 10;
const connectionCost = 2;
const freeTypes = new Set(["MoneyBag", "MoneyV2", "PageInfo", "ApiVersion"]);
/** A customer's address comes with the customer; an order's addresses cost like any object. */
const freeFields = new Set(["defaultAddress"]);

/** How many nodes a page of `n` is charged as: 1 -> 1, 5 -> 3, 10 -> 4, 50 -> 7, 100 -> 9, 250 -> 11. */
function chargedNodes(n: number): number {
  return n <= 0 ? 0 : Math.max(1, Math.floor(2 * Math.log(n)));
}

interface Pricing {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** How many nodes the connection that this field gives holds or may hold. */
  readonly pageSize: (field: FieldNode, result: unknown) => number;
  /** How many ids the root field `nodes` is given: each is charged like a field of its own. */
  readonly listed: (field: FieldNode) => number;
}

interface Selected {
  readonly field: FieldNode;
  readonly on: GraphQLCompositeType;
}

/** All fields of a selection with the fragments resolved. */
function fieldsOf(selection: SelectionSetNode, on: GraphQLCompositeType, pricing: Pricing): Selected[] {
  return selection.selections.flatMap((part): Selected[] => {
    if (part.kind === Kind.FIELD) return [{ field: part, on }];
    const fragment = part.kind === Kind.FRAGMENT_SPREAD ? pricing.fragments.get(part.name.value) : part;
    if (fragment === undefined) return [];
    const condition = fragment.typeCondition;
    const type = condition === undefined ? on : pricing.schema.getType(condition.name.value);
    return isCompositeType(type) ? fieldsOf(fragment.selectionSet, type, pricing) : [];
  });
}

function definitionOf({ field, on }: Selected): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(on) || isInterfaceType(on) ? on.getFields()[field.name.value] : undefined;
}

/** The part of a result that belongs to `field`; of several nodes, the first that has it. */
function resultOf(field: FieldNode, result: unknown): unknown {
  const objects = Array.isArray(result) ? (result as unknown[]) : [result];
  const key = field.alias?.value ?? field.name.value;
  for (const object of objects) {
    if (typeof object !== "object" || object === null) continue;
    const value = (object as Record<string, unknown>)[key];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}

function selectionCost(
  selection: SelectionSetNode | undefined,
  on: GraphQLCompositeType,
  at: { pricing: Pricing; result: unknown },
): number {
  if (selection === undefined) return 0;
  return fieldsOf(selection, on, at.pricing).reduce((sum, selected) => sum + fieldCost(selected, at), 0);
}

function fieldCost(selected: Selected, at: { pricing: Pricing; result: unknown }): number {
  const definition = definitionOf(selected);
  const type = definition === undefined ? undefined : getNamedType(definition.type);
  if (!isCompositeType(type)) return 0;
  const { field } = selected;
  const inside = { pricing: at.pricing, result: resultOf(field, at.result) };
  if (type.name === "Count") return countCost;
  if (freeTypes.has(type.name) || freeFields.has(field.name.value)) return 0;
  const below = selectionCost(field.selectionSet, type, inside);
  if (field.name.value === "nodes" && selected.on === at.pricing.schema.getQueryType()) {
    return at.pricing.listed(field) * (1 + below);
  }
  if (type.name.endsWith("Connection")) {
    return connectionCost + chargedNodes(at.pricing.pageSize(field, inside.result)) * below;
  }
  // An edge is the way to its node, which is what costs.
  return type.name.endsWith("Edge") || isUnionType(type) ? below : 1 + below;
}

function pageArgument(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const argument = field.arguments?.find(({ name }) => name.value === "first" || name.value === "last");
  if (argument === undefined) return 0;
  if (argument.value.kind === Kind.INT) return Number(argument.value.value);
  if (argument.value.kind !== Kind.VARIABLE) return 0;
  const value = variables[argument.value.name.value];
  return typeof value === "number" ? value : 0;
}

function idsIn(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const value = field.arguments?.find(({ name }) => name.value === "ids")?.value;
  if (value?.kind === Kind.LIST) return value.values.length;
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return Array.isArray(given) ? given.length : 0;
}

function nodesIn(result: unknown): number {
  if (typeof result !== "object" || result === null) return 0;
  const lists = Object.values(result as Record<string, unknown>).filter((value) => Array.isArray(value));
  return Math.max(0, ...lists.map((list) => (list as unknown[]).length));
}

export interface PricedRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

function price(request: PricedRequest, pageSize: Pricing["pageSize"], result: unknown): number {
  const { schema, document, operation } = request;
  const root = schema.getRootType(operation.operation);
  if (!isObjectType(root)) return 0;
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );
  const listed = (field: FieldNode): number => idsIn(field, request.variables);
  const pricing: Pricing = { schema, fragments, pageSize, listed };
  if (operation.operation === OperationTypeNode.MUTATION)
    return mutationCost * fieldsOf(operation.selectionSet, root, pricing).length;
  return selectionCost(operation.selectionSet, root, { pricing, result });
}

/** What must be in the bucket before the query runs. */
export function requestedCost(request: PricedRequest): number {
  return price(request, (field) => pageArgument(field, request.variables), undefined);
}

/** What it came to, with the pages as full as they were. */
export function actualCost(request: PricedRequest, data: unknown): number {
  return price(request, (_, result) => nodesIn(result), data);
}
