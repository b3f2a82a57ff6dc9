import type { dynamic } from "@pulumi/pulumi";

import { FrappeClient, FrappeError, type FrappeClientOptions, type FrappeDocumentFields } from "../../clients/frappe";
import { unfitness } from "../../core/fitness";
import { UserError } from "../../core/user-error";
import { explained } from "./explain";
import {
  differingFields,
  isMasked,
  isSame,
  observedValues,
  secretDigest,
  type FieldPlace,
  type FrappeValues,
} from "./frappe-values";
import { Configuration, requireValue, type StackConfig } from "./stack-config";
import { hasUnknown } from "./unknown";
import { withoutTraces } from "./without-traces";

type Texts = Readonly<Record<string, string>>;

interface Inputs {
  readonly siteUrl: string;
  readonly apiUrl?: string;
  readonly customer: string;
  readonly accessClientId?: string;
  readonly accessClientSecret?: string;
  readonly doctype: string;
  readonly documentName: string;
  readonly single?: boolean;
  readonly ifAbsent?: boolean;
  readonly expect?: boolean;
  readonly values: FrappeValues;
  readonly secretValues?: Texts;
  /** Made by `check`, so that a rotated secret is a change. */
  readonly secretDigests?: Texts;
}

interface State extends Inputs {
  readonly createdHere: boolean;
}

/** The part of the client that is needed, so that a test can stand in for it. */
export type FrappeDocuments = Pick<FrappeClient, "get" | "insert" | "update" | "delete">;

/** One call's work on one document. */
interface Task {
  readonly site: FrappeDocuments;
  readonly inputs: Inputs;
  /** Secret fields with their values. */
  readonly secrets: Texts;
}

/** Documents of Frappe sites, by their REST API. */
export function createProvider(
  makeFrappe: (options: FrappeClientOptions) => FrappeDocuments,
): dynamic.ResourceProvider<Inputs, State> {
  const configuration = new Configuration();
  const onSite = <T>(inputs: Inputs, work: (task: Task) => Promise<T>): Promise<T> => {
    const config = configuration.current;
    const secrets = secretsOf(config, inputs);
    const concern = { customer: inputs.customer, secrets: Object.values(secrets) };
    return explained(concern, () => work({ site: makeFrappe(siteOptions(config, inputs)), inputs, secrets }));
  };

  return {
    configure: configuration.configure,
    check: (_olds, news) => Promise.resolve(checked(configuration.current, news)),
    diff: (_id, olds, news) => Promise.resolve(compare(olds, news)),
    create: (inputs) =>
      onSite(inputs, async (task) => {
        const createdHere = await settle(task, {});
        return { id: idOf(inputs), outs: { ...inputs, createdHere } };
      }),
    read: async (id, props) => {
      const known = described(id, props);
      return onSite(known, ({ site }) => observe(site, id, known));
    },
    update: (_id, olds, news) =>
      onSite(news, async (task) => {
        const samePlace = olds.siteUrl === news.siteUrl;
        const made = await settle(task, samePlace ? olds : {});
        return { outs: { ...news, createdHere: made || (samePlace && olds.createdHere) } };
      }),
    delete: async (_id, props) => {
      if (props.createdHere && props.single !== true) {
        await onSite(props, remove);
      }
    },
  };
}

export const provider = withoutTraces(createProvider((options) => new FrappeClient(options)));

function idOf({ doctype, documentName }: Inputs): string {
  return `${doctype}/${documentName}`;
}

/** The address of the configuration comes first: what the state holds may be the one of an earlier run. */
function siteOptions(config: StackConfig, inputs: Inputs): FrappeClientOptions {
  const { siteUrl, customer, accessClientId: clientId, accessClientSecret: clientSecret } = inputs;
  const apiUrl = config.get("frappeApiUrl") ?? inputs.apiUrl;
  return {
    siteUrl,
    ...(apiUrl === undefined ? {} : { apiUrl }),
    apiKey: requireValue(config, "automationApiKey", customer),
    apiSecret: requireValue(config, "automationApiSecret", customer),
    ...(clientId === undefined || clientSecret === undefined ? {} : { access: { clientId, clientSecret } }),
  };
}

/** What the configuration does not hold, `check` has refused; deleting goes on without. */
function secretsOf(config: StackConfig, { secretValues = {} }: Inputs): Texts {
  const entries = Object.entries(secretValues).map(([field, key]) => [field, config.get(key) ?? ""] as const);
  return Object.fromEntries(entries.filter(([, secret]) => secret !== ""));
}

function checked(config: StackConfig, news: Inputs): dynamic.CheckResult<Inputs> {
  const failures: dynamic.CheckFailure[] = [];
  const fail = (property: string, reason: string): number =>
    failures.push({ property, reason: `"${property}" ${reason}` });
  const { secretValues = {}, values } = news;
  for (const [field, key] of Object.entries(secretValues)) {
    if (config.get(key) === undefined)
      fail("secretValues", `names "${key}", which the stack's configuration does not hold`);
    if (!hasUnknown(values) && field in values) fail("values", `holds "${field}", which is a secret field`);
  }
  if (news.single === true && news.documentName !== news.doctype) {
    fail("documentName", `is "${news.documentName}", but a Single has its doctype's name, "${news.doctype}"`);
  }
  if (news.ifAbsent === true && news.expect === true) fail("expect", 'cannot go together with "ifAbsent"');
  const secretDigests = mapValues(secretValues, (key, field) => secretDigest({ ...news, field }, config.get(key)));
  return { inputs: { ...news, secretDigests }, failures };
}

function compare(olds: State, news: Inputs): dynamic.DiffResult {
  const replaces = (["doctype", "documentName"] as const).filter((field) => olds[field] !== news[field]);
  const reach = ["siteUrl", "accessClientId", "accessClientSecret"] as const;
  const mode = ["single", "ifAbsent", "expect"] as const;
  const changes =
    replaces.length > 0 ||
    reach.some((field) => olds[field] !== news[field]) ||
    mode.some((field) => (olds[field] ?? false) !== (news[field] ?? false)) ||
    (news.ifAbsent !== true && hasNewContent(olds, news));
  return { changes, replaces };
}

function hasNewContent(olds: State, news: Inputs): boolean {
  const fields = Object.keys(news.values);
  if (fields.length !== Object.keys(olds.values).length || hasUnknown(news.values)) return true;
  const digests = Object.entries(news.secretDigests ?? {});
  if (digests.length !== Object.keys(olds.secretDigests ?? {}).length) return true;
  return (
    fields.some((field) => !(field in olds.values) || !isSame(news.values[field], olds.values[field])) ||
    digests.some(([field, digest]) => olds.secretDigests?.[field] !== digest)
  );
}

/** Brings the document to what is wanted, or finds that it is, and tells whether it had to be made. */
async function settle(task: Task, known: Pick<Inputs, "secretDigests">): Promise<boolean> {
  const { site, inputs } = task;
  const { doctype, documentName } = inputs;
  const found = await site.get(doctype, documentName);
  if (inputs.expect === true) {
    expectContent(inputs, found);
    return false;
  }
  if (found === undefined) return make(task);
  if (inputs.ifAbsent === true) {
    expectFit(inputs, found);
    return false;
  }
  const changes = changedFields(task, found, known);
  if (Object.keys(changes).length > 0) {
    await site.update(doctype, documentName, changes);
    await confirm(task, false);
  }
  return false;
}

async function make(task: Task): Promise<true> {
  const { site, inputs, secrets } = task;
  const { doctype, documentName, customer } = inputs;
  if (inputs.single === true) {
    const next = "check that the app it belongs to is in the image and installed on the site";
    throw new UserError({ what: `the site has no "${doctype}"`, customer, next });
  }
  const { name } = await site.insert(doctype, { ...inputs.values, ...secrets, name: documentName });
  if (name !== documentName) {
    await site.delete(doctype, name);
    throw new UserError({
      what: `Frappe named the new ${doctype} "${name}" and not "${documentName}" (it was deleted again)`,
      customer,
      next: "write the name in the customer's file as Frappe's naming rule makes it",
    });
  }
  await confirm(task, true);
  return true;
}

/**
 * Deletes what was made here, unless something points to it by now: a default customer with orders, a warehouse with stock.
 * Frappe does not allow its deletion, and it is the merchant's; the engine shows the line as a warning.
 */
async function remove({ site, inputs }: Task): Promise<void> {
  const { doctype, documentName, customer } = inputs;
  try {
    await site.delete(doctype, documentName);
  } catch (error) {
    if (!(error instanceof FrappeError && error.kind === "refused")) throw error;
    process.stderr.write(`${doctype} "${documentName}" stays in ERPNext for customer "${customer}": ${error.what}.\n`);
  }
}

/** The fields to send. A Password field cannot be read, so it is sent unless the state knows that it holds this very secret. */
function changedFields(
  { inputs, secrets }: Task,
  live: FrappeDocumentFields,
  known: Pick<Inputs, "secretDigests">,
): Readonly<Record<string, unknown>> {
  const plain = differingFields(inputs.values, live).map((field) => [field, inputs.values[field]] as const);
  const secret = Object.entries(secrets).filter(([field, value]) => {
    const wanted = secretDigest({ ...inputs, field }, value);
    return liveDigest({ ...inputs, field }, live, known) !== wanted;
  });
  return Object.fromEntries<unknown>([...plain, ...secret]);
}

function liveDigest(place: FieldPlace, live: FrappeDocumentFields, known: Pick<Inputs, "secretDigests">): string {
  const value = live[place.field];
  return isMasked(value) ? (known.secretDigests?.[place.field] ?? "unknown") : secretDigest(place, value);
}

/** Written is not applied: Frappe ignores fields that it does not know, without a word, and apps change what they save. */
async function confirm({ site, inputs, secrets }: Task, createdHere: boolean): Promise<void> {
  const { doctype, documentName, customer } = inputs;
  const live = await site.get(doctype, documentName);
  const lost = Object.entries(secrets).filter(([field, value]) => {
    const kept = live?.[field];
    return !isMasked(kept) && kept !== value;
  });
  const fields = [...differingFields(inputs.values, live ?? {}), ...lost.map(([field]) => field)];
  if (live !== undefined && fields.length === 0) return;
  const error = new UserError({
    what: `${doctype} "${documentName}" was saved but does not hold ${fields.map((field) => `"${field}"`).join(", ")}`,
    customer,
    next: "check that the field exists in the installed version of the app and that nothing on the site changes it back",
  });
  // Pulumi then knows that the document is there and unfinished, instead of thinking that there is none.
  const properties = { ...inputs, values: observedValues(inputs.values, live ?? {}), createdHere };
  throw Object.assign(error, { id: idOf(inputs), properties, reasons: [error.message] });
}

function expectContent(inputs: Inputs, found: FrappeDocumentFields | undefined): void {
  const { doctype, documentName, values, customer } = inputs;
  const next = "correct it in ERPNext or name another one in the customer's file";
  if (found === undefined) throw new UserError({ what: `there is no ${doctype} "${documentName}"`, customer, next });
  const wrong = differingFields(values, found).map(
    (field) => `"${field}" ${JSON.stringify(found[field] ?? null)} instead of ${JSON.stringify(values[field])}`,
  );
  if (wrong.length === 0) {
    expectFit(inputs, found);
    return;
  }
  throw new UserError({ what: `${doctype} "${documentName}" has ${wrong.join(", ")}`, customer, next });
}

/** A document that is there, and that ERPNext would refuse to book on, fails the first order and not the update. */
function expectFit({ doctype, documentName, customer }: Inputs, found: FrappeDocumentFields): void {
  const faults = unfitness(doctype, found);
  if (faults.length === 0) return;
  const next = "correct it in ERPNext or name another one in the customer's file";
  throw new UserError({ what: `${doctype} "${documentName}" ${faults.join(" and ")}`, customer, next });
}

async function observe(site: FrappeDocuments, id: string, known: State): Promise<dynamic.ReadResult<State>> {
  const live = await site.get(known.doctype, known.documentName);
  if (live === undefined) return { id: "" };
  if (known.ifAbsent === true) return { id, props: known };
  const values = observedValues(known.values, live);
  const secretDigests = mapValues(known.secretDigests ?? {}, (_digest, field) =>
    liveDigest({ ...known, field }, live, known),
  );
  const { createdHere, ...inputs } = { ...known, values, secretDigests };
  return { id, props: { ...inputs, createdHere }, inputs: inputs as State };
}

function described(id: string, props: State | undefined): State {
  if (props?.siteUrl !== undefined) return props;
  throw new UserError({
    what: `nothing says on which site ${id} is`,
    next: 'declare the document instead: "pulumi up" adopts one that exists',
  });
}

function mapValues(record: Texts, map: (value: string, key: string) => string): Texts {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
