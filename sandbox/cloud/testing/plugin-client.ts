import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

import { fromWire } from "../values";
import type { Marked, Properties } from "../values";

/** A value as the engine sends a secret. */
export function secret(value: unknown): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Inputs as a program gives them; may hold `secret(…)`. */
export type Inputs = Record<string, unknown>;

/** A resource as the engine's state has it. */
export interface Known {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** As the engine keeps them, wire form. */
  readonly inputs: Struct;
  readonly outputs: Struct;
}

/** The engine's side of the provider protocol. One client is one plugin process, with its own connection. */
export class PluginClient {
  readonly #client: ResourceProviderClient;

  constructor(port: number) {
    // A connection of its own even to the same address, as two plugin processes have.
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  close(): void {
    this.#client.close();
  }

  async handshake(engineAddress = ""): Promise<void> {
    const request = new wire.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress);
    await ask<wire.ProviderHandshakeResponse>((done) => this.#client.handshake(request, done));
  }

  /** @returns the reasons for refusing */
  async checkConfig(config: Inputs): Promise<string[]> {
    const request = new wire.CheckRequest();
    request.setNews(struct(config));
    const response = await ask<wire.CheckResponse>((done) => this.#client.checkConfig(request, done));
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  async configure(config: Inputs): Promise<wire.ConfigureResponse.AsObject> {
    const request = new wire.ConfigureRequest();
    request.setArgs(struct(config));
    return (await ask<wire.ConfigureResponse>((done) => this.#client.configure(request, done))).toObject();
  }

  async check(
    type: string,
    name: string,
    inputs: Inputs,
  ): Promise<{ inputs: Struct; failures: Record<string, string> }> {
    const request = new wire.CheckRequest();
    request.setUrn(urn(type, name));
    request.setNews(struct(inputs));
    request.setRandomseed(Buffer.from("seed"));
    const response = await ask<wire.CheckResponse>((done) => this.#client.check(request, done));
    const failures = response.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()] as const);
    return { inputs: response.getInputs() ?? struct({}), failures: Object.fromEntries(failures) };
  }

  /** Check and Create, as an update does. */
  async create(type: string, name: string, inputs: Inputs): Promise<Known & { plain: Properties; marked: Marked }> {
    const { id, checked, properties } = await this.#create(type, name, { inputs, preview: false });
    const marked = fromWire(properties);
    return { type, name, id, inputs: checked, outputs: properties, plain: marked.plain, marked };
  }

  /** Check and Create, as a preview does. */
  async previewCreate(type: string, name: string, inputs: Inputs): Promise<Properties> {
    return fromWire((await this.#create(type, name, { inputs, preview: true })).properties).plain;
  }

  async diff(
    known: Known,
    inputs: Inputs,
    ignoreChanges: string[] = [],
  ): Promise<{
    diffs: string[];
    replaces: string[];
    detailed: Record<string, number>;
    first: boolean;
    changes: boolean;
  }> {
    const request = new wire.DiffRequest();
    request.setId(known.id);
    request.setUrn(urn(known.type, known.name));
    request.setOlds(known.outputs);
    request.setOldInputs(known.inputs);
    request.setNews((await this.check(known.type, known.name, inputs)).inputs);
    request.setIgnorechangesList(ignoreChanges);
    const response = await ask<wire.DiffResponse>((done) => this.#client.diff(request, done));
    return {
      diffs: response.getDiffsList(),
      replaces: response.getReplacesList(),
      detailed: Object.fromEntries(
        response
          .getDetaileddiffMap()
          .toArray()
          .map(([path]) => [path, response.getDetaileddiffMap().get(path)?.getKind() ?? -1]),
      ),
      first: response.getDeletebeforereplace(),
      changes: response.getChanges() === wire.DiffResponse.DiffChanges.DIFF_SOME,
    };
  }

  async update(
    known: Known,
    inputs: Inputs,
    { preview = false, ignoreChanges = [] }: { preview?: boolean; ignoreChanges?: string[] } = {},
  ): Promise<Known & { plain: Properties; marked: Marked }> {
    const checked = (await this.check(known.type, known.name, inputs)).inputs;
    const request = new wire.UpdateRequest();
    request.setId(known.id);
    request.setUrn(urn(known.type, known.name));
    request.setOlds(known.outputs);
    request.setOldInputs(known.inputs);
    request.setNews(checked);
    request.setPreview(preview);
    request.setIgnorechangesList(ignoreChanges);
    const response = await ask<wire.UpdateResponse>((done) => this.#client.update(request, done));
    const outputs = response.getProperties() ?? struct({});
    const marked = fromWire(outputs);
    return { ...known, inputs: checked, outputs, plain: marked.plain, marked };
  }

  /** A refresh. @returns nothing when the resource is gone */
  async read(
    known: Pick<Known, "type" | "name" | "id"> & Partial<Known>,
  ): Promise<{ known: Known; inputs: Marked; outputs: Marked } | undefined> {
    const request = new wire.ReadRequest();
    request.setId(known.id);
    request.setUrn(urn(known.type, known.name));
    request.setProperties(known.outputs ?? struct({}));
    request.setInputs(known.inputs ?? struct({}));
    const response = await ask<wire.ReadResponse>((done) => this.#client.read(request, done));
    if (response.getId() === "") return undefined;
    const inputs = response.getInputs() ?? struct({});
    const outputs = response.getProperties() ?? struct({});
    const { type, name } = known;
    return {
      known: { type, name, id: response.getId(), inputs, outputs },
      inputs: fromWire(inputs),
      outputs: fromWire(outputs),
    };
  }

  async delete(known: Known): Promise<void> {
    const request = new wire.DeleteRequest();
    request.setId(known.id);
    request.setUrn(urn(known.type, known.name));
    request.setProperties(known.outputs);
    request.setOldInputs(known.inputs);
    await ask<Empty>((done) => this.#client.delete(request, done));
  }

  async invoke(token: string, args: Inputs): Promise<Marked> {
    const request = new wire.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    return fromWire((await ask<wire.InvokeResponse>((done) => this.#client.invoke(request, done))).getReturn());
  }

  async cancel(): Promise<void> {
    await ask<Empty>((done) => this.#client.cancel(new Empty(), done));
  }

  async #create(
    type: string,
    name: string,
    asked: { inputs: Inputs; preview: boolean },
  ): Promise<{ id: string; checked: Struct; properties: Struct }> {
    const { inputs: checked, failures } = await this.check(type, name, asked.inputs);
    if (Object.keys(failures).length > 0)
      throw new Error(`Check refused ${type} "${name}": ${JSON.stringify(failures)}`);
    const request = new wire.CreateRequest();
    request.setUrn(urn(type, name));
    request.setProperties(checked);
    request.setPreview(asked.preview);
    const response = await ask<wire.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), checked, properties: response.getProperties() ?? struct({}) };
  }
}

/** Calls, and rejects with the refusal's own words. */
async function ask<S>(
  call: (done: (error: grpc.ServiceError | null, response: S) => void) => grpc.ClientUnaryCall,
): Promise<S> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(error.details));
    });
  });
}

function urn(type: string, name: string): string {
  return `urn:pulumi:test::erpnext::${type}::${name}`;
}

function struct(value: Inputs): Struct {
  return Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
}
