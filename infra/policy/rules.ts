import type { Customer } from "../../customers/schema";
import { INTAKE_PLACES, LABELLED } from "./belonging";
import { BUDGET } from "./budget";
import { METADATA_WITHOUT_SECRETS, PRODUCTION_PROTECTED } from "./data";
import { HOOK_UNPROXIED, NO_PUBLIC_SSH, PAGES_PROXIED, WEB_PORTS_ONLY } from "./doors";
import { CLOSED_BUCKETS, NARROW_GRANTS, OS_LOGIN } from "./grants";
import { ONE_BUILD_PER_TAG, PINNED_IMAGE } from "./image";
import { LOGIN_ASKS, NO_WORKERS_DEV, TUNNEL_TO_PAGES } from "./logins";
import { SAFE_QUEUE } from "./queue";
import type { PolicyResource, Rule } from "./rule";

/** Every rule that looks at one resource. */
export const RULES: readonly Rule[] = [
  NO_PUBLIC_SSH,
  WEB_PORTS_ONLY,
  HOOK_UNPROXIED,
  PAGES_PROXIED,
  PINNED_IMAGE,
  ONE_BUILD_PER_TAG,
  PRODUCTION_PROTECTED,
  METADATA_WITHOUT_SECRETS,
  LABELLED,
  INTAKE_PLACES,
  NARROW_GRANTS,
  CLOSED_BUCKETS,
  OS_LOGIN,
  SAFE_QUEUE,
  LOGIN_ASKS,
  TUNNEL_TO_PAGES,
  NO_WORKERS_DEV,
];

/** A rule that is broken. */
export interface Breach {
  readonly rule: string;
  /** One line: what is wrong with which resource, and what to do. No value that is secret. */
  readonly message: string;
}

/** The rules that one resource breaks. */
export function judgeResource(resource: PolicyResource, customer: Customer): readonly Breach[] {
  return RULES.flatMap((rule) => {
    const fault = rule.faultOf(resource, customer);
    return fault === undefined ? [] : [{ rule: rule.name, message: `"${resource.name}" ${fault}` }];
  });
}

/** The rules that a whole stack breaks, of which only the types of its resources have to be kept. */
export function judgeStack(types: readonly string[]): readonly Breach[] {
  const fault = BUDGET.faultOf(types);
  return fault === undefined ? [] : [{ rule: BUDGET.name, message: `the stack ${fault}` }];
}
