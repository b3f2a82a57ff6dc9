import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { RequestLog } from "../request-log";
import { addedInputs, inputFailures } from "./check-inputs";
import { CloudError } from "./cloud-error";
import { deletesFirst, differences, withUnseen } from "./diff";
import type { Difference } from "./diff";
import type { EngineLog } from "./engine-log";
import type { Faults, Operation } from "./faults";
import * as lifecycle from "./lifecycle";
import type { Pace } from "./pace";
import type { Records } from "./records";
import type { Aid, Invoke, ProviderDefinition, ResourceType, Session, Situation } from "./resource-type";
import { fromWire, toWire } from "./values";
import type { Marked, Path, Properties } from "./values";

/** What all providers of one cloud share. */
export interface HostParts {
  readonly records: Records;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly engineLog: EngineLog;
  readonly pace: Pace;
  /** Aborted when the cloud closes. */
  readonly signal: AbortSignal;
}

interface Asked {
  readonly operation: Operation;
  /** As the log names it, e.g. "Create". */
  readonly method: string;
  readonly type: string;
  readonly preview?: boolean;
}

const WRITES: readonly Operation[] = ["create", "update", "delete"];

/** Kinds in a DetailedDiff, by whether the change replaces. */
const KINDS = {
  add: [wire.PropertyDiff.Kind.ADD, wire.PropertyDiff.Kind.ADD_REPLACE],
  delete: [wire.PropertyDiff.Kind.DELETE, wire.PropertyDiff.Kind.DELETE_REPLACE],
  update: [wire.PropertyDiff.Kind.UPDATE, wire.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

/** Answers one provider's requests about resources: messages in and out around `lifecycle`. */
export class ProviderRequests {
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #invokes: ReadonlyMap<string, Invoke>;
  readonly #cancels = new WeakMap<Session, AbortController>();

  constructor(
    private readonly definition: ProviderDefinition,
    private readonly parts: HostParts,
  ) {
    this.#types = new Map(definition.types.map((type) => [type.token, type]));
    this.#invokes = new Map(definition.invokes.map((invoke) => [invoke.token, invoke]));
  }

  async check(request: wire.CheckRequest, session: Session): Promise<wire.CheckResponse> {
    const type = this.#type(request.getUrn());
    return this.#answer({ operation: "check", method: "Check", type: type.token }, () => {
      const { plain, secrets } = fromWire(request.getNews());
      const failures = [
        ...inputFailures(type, plain, secrets),
        ...(this.definition.requirements?.(type, plain, session.config) ?? []),
      ];
      const olds = fromWire(request.getOlds()).plain;
      const seed = request.getRandomseed_asU8();
      const added = addedInputs(type, plain, { name: nameOf(request.getUrn()), olds, seed });
      const response = new wire.CheckResponse();
      response.setInputs(toWire({ plain: { ...added, ...plain }, secrets }));
      for (const { property, reason } of failures) {
        const failure = new wire.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      }
      return Promise.resolve({ response, status: failures.length === 0 ? 200 : 400 });
    });
  }

  async diff(request: wire.DiffRequest, session: Session): Promise<wire.DiffResponse> {
    const type = this.#type(request.getUrn());
    return this.#answer({ operation: "read", method: "Diff", type: type.token }, () => {
      const after = fromWire(request.getNews()).plain;
      const before = fromWire(request.getOldInputs()).plain;
      const situation = this.#situation(type, session, { urn: request.getUrn(), id: request.getId(), inputs: after });
      const state = fromWire(request.getOlds()).plain;
      const found = differences(type, { situation, before, after, state, unseen: request.getIgnorechangesList() });
      return Promise.resolve({ response: this.#diffResponse(found, deletesFirst(type, before, after)), status: 200 });
    });
  }

  async create(request: wire.CreateRequest, session: Session): Promise<wire.CreateResponse> {
    const type = this.#type(request.getUrn());
    const { plain: inputs, secrets } = fromWire(request.getProperties());
    const situation = this.#situation(type, session, { urn: request.getUrn(), id: "", inputs });
    const preview = request.getPreview();
    return this.#answer({ operation: "create", method: "Create", type: type.token, preview }, async () => {
      const made = preview
        ? { id: "", outputs: lifecycle.plannedCreate(type, situation) }
        : await lifecycle.create(this.definition.name, type, { situation, aid: this.#aid(situation) });
      if (!preview) await this.parts.pace.take(type.takes ?? 0, this.parts.signal);
      const response = new wire.CreateResponse();
      response.setId(made.id);
      response.setProperties(toWire(marked(type, made.outputs, secrets)));
      return { response, status: 200 };
    });
  }

  async update(request: wire.UpdateRequest, session: Session): Promise<wire.UpdateResponse> {
    const type = this.#type(request.getUrn());
    const { plain: asked, secrets } = fromWire(request.getNews());
    const olds = fromWire(request.getOlds());
    const inputs = withUnseen(asked, { state: olds.plain, unseen: request.getIgnorechangesList() });
    const situation = this.#situation(type, session, { urn: request.getUrn(), id: request.getId(), inputs });
    const preview = request.getPreview();
    return this.#answer({ operation: "update", method: "Update", type: type.token, preview }, async () => {
      const state = olds.plain;
      const outputs = preview
        ? lifecycle.plannedUpdate(type, situation, state)
        : (await lifecycle.update(this.definition.name, type, { situation, aid: this.#aid(situation), state })).outputs;
      const response = new wire.UpdateResponse();
      response.setProperties(toWire(marked(type, outputs, secrets)));
      return { response, status: 200 };
    });
  }

  async read(request: wire.ReadRequest): Promise<wire.ReadResponse> {
    const type = this.#type(request.getUrn());
    const inputs = fromWire(request.getInputs());
    const state = fromWire(request.getProperties());
    return this.#answer({ operation: "read", method: "Read", type: type.token }, () => {
      const asked = { id: request.getId(), inputs: inputs.plain, state: state.plain };
      const found = lifecycle.read(type, this.parts.records, asked);
      const response = new wire.ReadResponse();
      if (found === undefined) return Promise.resolve({ response, status: 404 });
      response.setId(found.id);
      response.setProperties(toWire(marked(type, found.outputs, [...state.secrets, ...inputs.secrets])));
      response.setInputs(toWire(marked(type, found.inputs, inputs.secrets)));
      return Promise.resolve({ response, status: 200 });
    });
  }

  async delete(request: wire.DeleteRequest, session: Session): Promise<Empty> {
    const type = this.#type(request.getUrn());
    const state = fromWire(request.getProperties()).plain;
    const situation = this.#situation(type, session, { urn: request.getUrn(), id: request.getId(), inputs: state });
    // A delete that sends nothing is no write, which is known only afterwards.
    let sent = true;
    const asked = { operation: "delete", method: "Delete", type: type.token } as const;
    return this.#answer(asked, async () => {
      sent = await lifecycle.remove(type, { situation, aid: this.#aid(situation), state });
      return { response: new Empty(), status: sent ? 200 : 204 };
    });
  }

  async invoke(request: wire.InvokeRequest, session: Session): Promise<wire.InvokeResponse> {
    const token = request.getTok();
    return this.#answer({ operation: "invoke", method: "Invoke", type: token }, () => {
      const invoke = this.#invokes.get(token);
      if (invoke === undefined)
        throw new CloudError(501, `The sandbox's ${this.definition.name} has no data source "${token}".`);
      const plain = invoke.read(fromWire(request.getArgs()).plain, { records: this.parts.records, session });
      const response = new wire.InvokeResponse();
      response.setReturn(toWire({ plain, secrets: (invoke.secrets ?? []).map((key) => [key]) }));
      return Promise.resolve({ response, status: 200 });
    });
  }

  /** Ends what a session's requests still do. */
  cancel(session: Session): void {
    this.#cancels.get(session)?.abort(new Error("The engine cancelled the request."));
    this.#cancels.delete(session);
  }

  #type(urn: string): ResourceType {
    const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const type = this.#types.get(token);
    if (type === undefined)
      throw new CloudError(501, `The sandbox's ${this.definition.name} has no resource type "${token}".`);
    return type;
  }

  #situation(type: ResourceType, session: Session, of: { urn: string; id: string; inputs: Properties }): Situation {
    const previous = of.id === "" ? undefined : this.parts.records.get(type.token, of.id);
    const base = { ...of, records: this.parts.records, session, name: nameOf(of.urn), now: new Date().toISOString() };
    return previous === undefined ? base : { ...base, previous };
  }

  #aid(situation: Situation): Aid {
    const { session, urn } = situation;
    const own = this.#cancels.get(session) ?? new AbortController();
    this.#cancels.set(session, own);
    return {
      signal: AbortSignal.any([own.signal, this.parts.signal]),
      say: (severity, message) => this.parts.engineLog.say(session.engineAddress, { severity, urn, message }),
    };
  }

  /** Does the work as pending faults let it, and writes down what came of it. */
  async #answer<T>(asked: Asked, work: () => Promise<{ response: T; status: number }>): Promise<T> {
    const { operation, type, preview } = asked;
    const record = (status: number): void => {
      // 204: the provider's delete sent nothing.
      const write = WRITES.includes(operation) && preview !== true && status !== 204;
      const entry = { service: this.definition.name, method: asked.method, path: type, write, status };
      this.parts.log.record(preview === true ? { ...entry, summary: "preview" } : entry);
    };
    try {
      // What a preview asks must not use up a fault that was meant for the update after it.
      const { response, status } =
        preview === true || asked.method === "Diff"
          ? await work()
          : await this.parts.faults.around({ operation, type, signal: this.parts.signal }, work);
      record(status);
      return response;
    } catch (error) {
      record(error instanceof CloudError ? error.status : 500);
      throw error;
    }
  }

  #diffResponse(found: readonly Difference[], deletesFirst: boolean): wire.DiffResponse {
    const response = new wire.DiffResponse();
    const replaces = [
      ...new Set(found.filter((difference) => difference.replaces).map((difference) => difference.input)),
    ];
    response.setChanges(
      found.length === 0 ? wire.DiffResponse.DiffChanges.DIFF_NONE : wire.DiffResponse.DiffChanges.DIFF_SOME,
    );
    response.setDiffsList([...new Set(found.map((difference) => difference.input))]);
    response.setReplacesList(replaces);
    response.setDeletebeforereplace(replaces.length > 0 && deletesFirst);
    if (!this.definition.detailedDiff) return response;
    response.setHasdetaileddiff(true);
    for (const { path, kind, replaces: replacing } of found) {
      const property = new wire.PropertyDiff();
      property.setKind(KINDS[kind][replacing ? 1 : 0]);
      property.setInputdiff(true);
      response.getDetaileddiffMap().set(path, property);
    }
    return response;
  }
}

/** Outputs with their secrets: what came secret, and what the provider knows to be secret. */
function marked(type: ResourceType, plain: Properties, secrets: readonly Path[]): Marked {
  const own = (type.secrets ?? []).filter((key) => plain[key] !== undefined);
  return { plain, secrets: [...secrets, ...own.map((key) => [key])] };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
