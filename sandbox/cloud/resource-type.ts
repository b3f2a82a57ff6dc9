import type { CloudRecord, ProviderName, Records } from "./records";
import type { Properties, Value } from "./values";

/** Says in one sentence what is wrong with a known value, or nothing. */
export type InputCheck = (value: Value, inputs: Properties) => string | undefined;

/** The connection of one plugin process of the engine, and what was said on it. */
export interface Session {
  /** gRPC address of the engine that holds the connection; "" before it said so. */
  engineAddress: string;
  /** Directory the engine starts plugins in: relative paths in inputs mean this one. */
  directory: string;
  config: Properties;
}

/** All that a type's functions may look at. */
export interface Situation {
  readonly records: Records;
  readonly session: Session;
  /** Logical name in the program. */
  readonly name: string;
  readonly urn: string;
  readonly inputs: Properties;
  /** "" before the resource has one. */
  readonly id: string;
  /** What is there already, for an update. */
  readonly previous?: CloudRecord;
  /** RFC 3339. */
  readonly now: string;
}

/** What an effect may use beside its situation. */
export interface Aid {
  /** Aborted when the engine cancels or the cloud closes. */
  readonly signal: AbortSignal;
  /** One line to the operator. */
  say(severity: "info" | "warning", message: string): Promise<void>;
}

/** An effect outside the cloud's own records: a build, a command. */
export interface Effects {
  /** @returns outputs */
  create(situation: Situation, aid: Aid): Promise<Properties>;
  /** @returns outputs; `state` is what the engine holds of the resource */
  update(situation: Situation, aid: Aid, state: Properties): Promise<Properties>;
  delete(situation: Situation, aid: Aid, state: Properties): Promise<void>;
}

/** How a resource type behaves. Inputs and outputs as such come from the SDK's declarations; see sdk-shape.ts. */
export interface ResourceType {
  readonly token: string;
  /** Seconds from the moment at which the thing exists to the answer; see Pace. */
  readonly takes?: number;
  /** Google API that must be enabled in the project. */
  readonly api?: string;
  /** Input that the provider makes up from the logical name when absent. */
  readonly autoname?: string;
  /** Conditions on inputs, by dotted path; "*" stands for each item of a list. */
  readonly checks?: Readonly<Record<string, InputCheck>>;
  /** Inputs that the provider itself adds. */
  readonly inputDefaults?: Properties;
  /** What the cloud makes of an absent input, and shows on read. */
  readonly defaults?: Properties;
  /**
   * Settings that the API tells beside those that were made. A refresh brings them into the state, and that the program does
   * not ask for them is then a change, as with the real plugin cloudflare 6.22.1.
   */
  tells?(inputs: Properties): Properties;
  /** Inputs that a read takes from what the cloud itself changes, in place of what was asked for. */
  shows?(record: CloudRecord): Properties;
  /** Inputs whose change needs a new resource, by dotted path without indexes; all below is meant too. */
  readonly replaces?: readonly string[];
  /** The same, where it depends on the values. */
  readonly replacesWhen?: (before: Properties, after: Properties) => readonly string[];
  /** Inputs that are no change by themselves. */
  readonly ignores?: readonly string[];
  /** Further inputs that count as changed, seen from outside the inputs. */
  readonly drifts?: (situation: Situation, state: Properties) => readonly string[];
  /** Outputs that are made again by an update; unknown in its preview. All others stay. */
  readonly volatile?: readonly string[];
  /** Outputs that are always secret. */
  readonly secrets?: readonly string[];
  /** Outputs that the cloud tells once, at creation: a read keeps what the engine has. */
  readonly toldOnce?: readonly string[];
  /** Two programs may declare the same one: making it twice and deleting it twice is fine. */
  readonly shared?: boolean;
  /** False: nothing is kept in the cloud, the engine's state is all there is (a command, an image's build). */
  readonly kept?: boolean;
  /** Whether what such a resource stands for has vanished. */
  gone?(state: Properties, records: Records): boolean;
  /** Inputs that the cloud never learns: a read keeps what the engine has. */
  readonly unstored?: readonly string[];
  /** See CloudRecord.residue. */
  readonly residue?: true;
  /** The provider's delete sends nothing: the thing stays, or goes with what it belongs to. */
  staysOnDelete?(record: CloudRecord): boolean;
  id(situation: Situation): string;
  /** Who pays: see CloudRecord.scope. */
  scope?(situation: Situation): string;
  /** Outputs that follow from inputs and configuration alone, so that a preview knows them. */
  planned?(situation: Situation): Properties;
  /** Outputs that only the cloud knows. */
  computed?(situation: Situation): Properties;
  /** Throws a CloudError for what the API refuses at create and update: missing references, taken names. */
  verify?(situation: Situation): void;
  /** Throws a CloudError for what the API refuses to delete. */
  release?(record: CloudRecord, records: Records): void;
  /** What goes with it when it is deleted. */
  owns?(record: CloudRecord, other: CloudRecord): boolean;
  readonly effects?: Effects;
}

/** A data source. @returns the result; keys in `secrets` are secret. */
export interface Invoke {
  readonly token: string;
  readonly secrets?: readonly string[];
  read(args: Properties, from: { records: Records; session: Session }): Properties;
}

export interface ConfigFailure {
  readonly property: string;
  readonly reason: string;
}

/** One provider plugin. */
export interface ProviderDefinition {
  readonly name: ProviderName;
  /** Whether Diff tells property by property; else only which inputs changed and which of them replace. */
  readonly detailedDiff: boolean;
  /** What is wrong with the provider's configuration; unknown values are left out before. */
  checkConfig(config: Properties): ConfigFailure[];
  /** Which inputs every resource needs, directly or from the configuration. */
  requirements?(type: ResourceType, inputs: Properties, config: Properties): ConfigFailure[];
  readonly types: readonly ResourceType[];
  readonly invokes: readonly Invoke[];
}
