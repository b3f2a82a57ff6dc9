import * as pulumi from "@pulumi/pulumi";

import { cloudOutputs } from "./cloud-outputs";

/** How Pulumi marks a secret on the wire; facts from its SDK, runtime/rpc. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** A recorded input that was secret. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** One resource as a component registered it. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** As the engine gets them: a secret is marked where it is, while `inputs` makes the whole property secret. */
  readonly exactInputs: Readonly<Record<string, unknown>>;
  /** Type of the parent; undefined at the top of the tree. */
  readonly parentType: string | undefined;
  /** False for components. */
  readonly custom: boolean;
  /** Explicit provider as `<urn>::<id>`, or empty. */
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  /** URNs of everything that is made before and deleted after it. */
  readonly dependencies: readonly string[];
}

/** One question that a component asked a provider. */
export interface RecordedCall {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Everything that a build registered and asked. */
export interface Recording<T> {
  readonly result: T;
  /** In the order of registration, which is not that of construction: what has to wait for an input comes later. */
  readonly resources: readonly RecordedResource[];
  readonly calls: readonly RecordedCall[];
  /** What each component registered as its outputs, by URN. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The one resource of that name; throws when there is none or more. */
  readonly named: (name: string) => RecordedResource;
}

/** How the mocks answer. */
export interface RecordOptions {
  /** Answer to a data source. Default: its arguments. */
  readonly answer?: (call: RecordedCall) => Record<string, unknown>;
  /** Records a preview, in which ids and answers of the clouds are unknown. Default: an update. */
  readonly preview?: boolean;
}

/** The parts of Pulumi's registration request that tests look at. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getParent(): string;
  getCustom(): boolean;
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
}

type Callback = (error: unknown, response?: { getUrn(): string }) => void;

interface MockMonitor {
  registerResource(request: RegisterRequest, callback: Callback): Promise<void>;
  registerResourceOutputs(request: OutputsRequest, callback: (error: unknown, response: unknown) => void): void;
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> };
}

/**
 * Runs a build against mocks, waits until all of it is registered, and returns what was registered, with the options that
 * Pulumi's own mocks hide. One recording at a time: the mocks are global.
 */
export async function recordResources<T>(build: () => T, options: RecordOptions = {}): Promise<Recording<T>> {
  const calls: RecordedCall[] = [];
  const inputsOf = new Map<string, Readonly<Record<string, unknown>>>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const inputs = args.inputs as Record<string, unknown>;
        inputsOf.set(`${args.type} ${args.name}`, readable(inputs) as Record<string, unknown>);
        const state = options.preview === true ? inputs : cloudOutputs(args.type, inputs);
        return { id: options.preview === true ? undefined : `${args.name}-id`, state };
      },
      call: (args) => {
        const call = { token: args.token, inputs: args.inputs as Record<string, unknown> };
        calls.push(call);
        return options.answer?.(call) ?? call.inputs;
      },
    },
    "erpnext",
    "test",
    options.preview ?? false,
  );
  const { registrations, outputs } = listen(pulumi.runtime.getMonitor() as unknown as MockMonitor);
  const result = build();
  await pulumi.runtime.disconnect();
  const resources = registrations.map(({ urn, request }) => record(urn, request, inputsOf));
  return { result, resources, calls, outputs, named: (name) => theOne(resources, name) };
}

/** Puts an ear on the mocks, for the parts of a registration that they pass on to no one. */
function listen(monitor: MockMonitor) {
  const registrations: { urn: string; request: RegisterRequest }[] = [];
  const outputs = new Map<string, Record<string, unknown>>();
  const register = monitor.registerResource.bind(monitor);
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response !== undefined) registrations.push({ urn: response.getUrn(), request });
      callback(error, response);
    });
  monitor.registerResourceOutputs = (request, callback) => {
    outputs.set(request.getUrn(), readable(request.getOutputs().toJavaScript()) as Record<string, unknown>);
    registerOutputs(request, callback);
  };
  return { registrations, outputs };
}

function record(
  urn: string,
  request: RegisterRequest,
  inputsOf: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): RecordedResource {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: inputsOf.get(`${request.getType()} ${request.getName()}`) ?? {},
    exactInputs: readable(request.getObject().toJavaScript()) as Record<string, unknown>,
    parentType: typesIn(request.getParent()).at(-1),
    custom: request.getCustom(),
    provider: request.getProvider(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    dependencies: request.getDependenciesList(),
  };
}

/** The types on the way to a resource, outermost first: a URN's third part, joined by dollars. */
function typesIn(urn: string): string[] {
  return urn === "" ? [] : (urn.split("::")[2] ?? "").split("$");
}

function theOne(resources: readonly RecordedResource[], name: string): RecordedResource {
  const [found, ...more] = resources.filter((resource) => resource.name === name);
  if (found === undefined || more.length > 0) {
    const names = resources.map((resource) => resource.name).join(", ");
    throw new Error(`${found === undefined ? "no" : "more than one"} resource "${name}" among: ${names}`);
  }
  return found;
}

/** Replaces the wire form of secrets by {@link Secret}, at any depth. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (value === null || typeof value !== "object") return value;
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE_KEY] === SECRET_SIGNATURE) return new Secret(readable(record["value"]));
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, readable(inner)]));
}
