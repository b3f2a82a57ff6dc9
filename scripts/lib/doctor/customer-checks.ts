import { webhookUrl } from "../../../core/connector";
import { isEmpty, type Adoption } from "../adopt/adopt";
import { check, type Facts, type Intake } from "./check";
import { bad, ok, quoted, skipped, unknown, warn, type Finding } from "./finding";
import { stackOutputsSchema } from "../../../infra/outputs";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A Cloudflare service token is renewed by hand, with an update; that should not have to happen overnight. */
const RENEWAL_DAYS = 30;

/** How long before its last day a test customer is announced. */
const EXPIRY_DAYS = 7;

export function judgeIntake({ intake: { customer, faults } }: { intake: Intake }): Finding {
  if (customer !== undefined) return ok(`${customer.environment} customer of ${customer.shopify.shopDomain}`);
  const all = faults.join("; ");
  return bad(`${faults.length === 1 ? "a fault" : `${faults.length} faults`}: ${all}`, "fix what is named");
}

export function judgeStack({ stackState, customer }: Pick<Facts, "stackState" | "customer">): Finding {
  const { slug } = customer;
  if (stackState === undefined) {
    return bad("there is no stack", `run "pulumi stack init ${slug}", set its secrets and run "pulumi up -s ${slug}"`);
  }
  const there = Object.keys(stackState.partialOutputs).length;
  const wanted = Object.keys(stackOutputsSchema.shape).length;
  if (stackState.outputs !== undefined) return ok(`the stack is up, with all ${wanted} outputs`);
  const saw =
    there === 0 ? "the stack is not up" : `an update was cut short or is older: ${there} of ${wanted} outputs`;
  return bad(saw, `run "pulumi up -s ${slug}", which goes on where it stopped`);
}

export function judgeAdoption({ adoption: { seen }, customer }: Pick<Facts, "adoption" | "customer">): Finding {
  const { found, superfluous, pending, foreign, unlabelled, unasked } = seen;
  const saw = [
    ...(found.length === 0 ? [] : [`${namesOf(found)} exist and the state does not know them`]),
    ...(superfluous.length === 0 ? [] : [`${namesOf(superfluous)} exist once too often`]),
    ...(pending.length === 0 ? [] : [`an update was killed while it made ${quoted(pending)}`]),
    ...(foreign.length === 0
      ? []
      : [`${idsOf(foreign)} has the name of this customer's, and not its label "customer"`]),
    ...(unlabelled.length === 0
      ? []
      : [`${idsOf(unlabelled)} has the name of this customer's, and may be someone's own`]),
  ].join("; ");
  if (saw === "") {
    const twice = unasked === undefined ? "" : `; whether anything was made twice is not known (${unasked})`;
    return ok(`the state knows what was made${twice}`);
  }
  const next = nextAfter(seen, customer.slug);
  return isEmpty(seen) && foreign.length === 0 ? warn(saw, next) : bad(saw, next);
}

/** A refresh drops what is pending, so the cure comes first, whatever else there is to do. */
function nextAfter(seen: Adoption, slug: string): string {
  return [
    ...(isEmpty(seen) ? [] : [`run "./stack doctor ${slug} --fix" before any "pulumi refresh"`]),
    ...(seen.foreign.length === 0 ? [] : [`delete what has no label, or give it the label customer=${slug}`]),
    ...(seen.unlabelled.length === 0 ? [] : ["delete at Cloudflare (Zero Trust, Access) the one that is not in use"]),
    isEmpty(seen) ? "run doctor again" : `run "pulumi up -s ${slug}"`,
  ].join(", then ");
}

function idsOf(found: Adoption["found"]): string {
  return found.map(({ what, id }) => `"${what.name}" (${id})`).join(", ");
}

function namesOf(found: Adoption["found"]): string {
  return quoted(found.map(({ what }) => what.name));
}

export function judgeSecrets({ config, customer }: Pick<Facts, "config" | "customer">): Finding {
  const required = [
    "shopifyApiSecret",
    customer.shopify.app === "custom" ? "shopifyAdminToken" : "shopifyClientId",
    "automationApiKey",
    "automationApiSecret",
    "databaseRootPassword",
    "administratorPassword",
  ];
  const missing = required.filter((key) => (config[key] ?? "").trim() === "");
  if (missing.length === 0) return ok(`${required.length} values are set`);
  const commands = missing.map((key) => {
    const secret = key === "shopifyClientId" ? "" : "--secret ";
    return `"pulumi config set ${secret}${key} -s ${customer.slug}"`;
  });
  return bad(`no value for ${quoted(missing)}`, `run ${commands.join(" and ")}`);
}

export function judgeAgreement({ outputs, customer }: Pick<Facts, "outputs" | "customer">): Finding {
  const pairs = [
    ["shopify.shopDomain", customer.shopify.shopDomain, outputs.shopDomain],
    ["gcp.project", customer.gcp.project, outputs.project],
    ["environment", customer.environment, outputs.environment],
    ["gcp.zone", customer.gcp.zone, outputs.zone],
    ["hosts.ui", `https://${customer.hosts.ui}`, outputs.uiUrl],
    ["hosts.hook", webhookUrl(customer.hosts.hook), outputs.webhookUrl],
    ["hosts.console", `https://${customer.hosts.console}`, outputs.consoleUrl],
  ] as const;
  const known = pairs.filter(([, , stack]) => stack !== undefined);
  if (known.length === 0) return skipped("the stack has no outputs to compare with");
  const different = known.filter(([, file, stack]) => file !== stack);
  if (different.length === 0) return ok(`${known.length} facts of the file are those of the stack`);
  const all = different.map(([field, file, stack]) => `"${field}" is "${file}" in the file and "${stack ?? ""}" there`);
  return bad(all.join("; "), `put the old value back, or run "pulumi up -s ${customer.slug}"`);
}

export function judgeAccessToken({ outputs, customer, now }: Pick<Facts, "outputs" | "customer" | "now">): Finding {
  const ends = outputs.accessExpiresAt;
  if (ends === undefined) return skipped("the stack has no Access service token yet");
  const days = Math.floor((Date.parse(ends) - now.getTime()) / DAY_MS);
  if (Number.isNaN(days)) return unknown(`its end is "${ends}", which is no time`);
  const renew = `refresh it in Cloudflare (Zero Trust, service tokens) and run "pulumi refresh -s ${customer.slug}"`;
  if (days < 0) return bad(`it ended on ${ends.slice(0, 10)}`, renew);
  if (days < RENEWAL_DAYS) return warn(`it ends on ${ends.slice(0, 10)}, in ${days} days`, renew);
  return ok(`it ends on ${ends.slice(0, 10)}`);
}

export function judgeExpiry({ customer, now }: Pick<Facts, "customer" | "now">): Finding {
  const { environment, expiresOn, slug } = customer;
  if (expiresOn === undefined) return skipped(`a ${environment} customer does not expire`);
  const days = Math.floor((Date.parse(`${expiresOn}T23:59:59Z`) - now.getTime()) / DAY_MS);
  const next = `set a later "expiresOn" in customers/${slug}.yaml, or tear the customer down`;
  if (days < 0) return warn(`its last day was ${expiresOn}`, next);
  if (days < EXPIRY_DAYS) return warn(`its last day is ${expiresOn}, in ${days} days`, next);
  return ok(`its last day is ${expiresOn}`);
}

export const CUSTOMER_CHECKS = [
  check({
    id: "intake",
    group: "customer",
    title: "the intake file is valid",
    looksAt: "customers/<slug>.yaml",
    why: "Nothing can be brought about from a file that does not say what is wanted.",
    from: ["intake"],
    judge: judgeIntake,
  }),
  check({
    id: "stack",
    group: "customer",
    title: "the stack is up",
    looksAt: "the stack's outputs",
    why: "What the stack has not made yet cannot work.",
    from: ["stackState", "customer"],
    judge: judgeStack,
  }),
  check({
    id: "unfinished",
    group: "customer",
    title: "nothing was made that the state does not know",
    looksAt: "the state's pending operations, and what the clouds hold of the stack's names",
    why: 'Every further update ends with "already exists" (HTTP 409), or makes a second one that stays after a destroy.',
    from: ["adoption", "customer"],
    judge: judgeAdoption,
  }),
  check({
    id: "secrets",
    group: "customer",
    title: "the stack has every secret",
    looksAt: "the stack's configuration",
    why: "An update ends before it begins while one is missing.",
    from: ["config", "customer"],
    judge: judgeSecrets,
  }),
  check({
    id: "file-and-stack",
    group: "customer",
    title: "file and stack speak of the same customer",
    looksAt: "the intake file beside the stack's outputs",
    why: "A file that was edited and not applied speaks of another shop or project than the one that runs.",
    from: ["outputs", "customer"],
    judge: judgeAgreement,
  }),
  check({
    id: "access-token",
    group: "customer",
    title: "the Access service token lasts",
    looksAt: 'the stack\'s output "accessExpiresAt"',
    why: "When it ends, this project's own requests stop at Cloudflare Access, and so does every update.",
    from: ["outputs", "customer", "now"],
    judge: judgeAccessToken,
  }),
  check({
    id: "expiry",
    group: "customer",
    title: "the test customer has days left",
    looksAt: '"expiresOn" of the intake file',
    why: "An expired test customer is swept, with all that it holds.",
    from: ["customer", "now"],
    judge: judgeExpiry,
  }),
];
