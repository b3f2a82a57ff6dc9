import { join } from "node:path";

import {
  PolicyPack,
  UnknownValueError,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";

import type { Customer } from "../../customers/schema";
import { readCustomer } from "../customer";
import { BUDGET } from "./budget";
import { UNKNOWN, type Rule } from "./rule";
import { judgeStack, RULES } from "./rules";

const CUSTOMERS = join(__dirname, "../../customers");

const customers = new Map<string, Customer>();

/** Serves the rules to the engine (`--policy-pack`), which refuses a resource before it is made. */
export function servePolicies(): void {
  new PolicyPack("erpnext", { enforcementLevel: "mandatory", policies: [...RULES.map(policyOf), budget] });
}

function policyOf(rule: Rule): ResourceValidationPolicy {
  return {
    name: rule.name,
    description: rule.why,
    validateResource: ({ type, name, urn, props, opts }, report) => {
      const inputs = known(props) as Record<string, unknown>;
      const fault = rule.faultOf({ type, name, inputs, protect: opts.protect }, customerOf(urn));
      if (fault !== undefined) report(`"${name}" ${fault}`);
    },
  };
}

const budget: StackValidationPolicy = {
  name: BUDGET.name,
  description: BUDGET.why,
  validateStack: ({ resources }, report) => {
    judgeStack(resources.map(({ type }) => type)).forEach(({ message }) => {
      report(message);
    });
  },
};

/** The engine says which stack it is about by the name of each resource, and by nothing else. */
function customerOf(urn: string): Customer {
  const stack = (urn.split("::")[0] ?? "").replace("urn:pulumi:", "");
  const customer = customers.get(stack) ?? readCustomer(stack, CUSTOMERS);
  customers.set(stack, customer);
  return customer;
}

/** A copy in which {@link UNKNOWN} stands where asking for a value throws because it is not known yet. */
function known(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.keys(value).map((key) => [key, knownField(value as Record<string, unknown>, key)] as const);
  return Array.isArray(value) ? entries.map(([, field]) => field) : Object.fromEntries(entries);
}

function knownField(holder: Record<string, unknown>, key: string): unknown {
  try {
    return known(holder[key]);
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}
