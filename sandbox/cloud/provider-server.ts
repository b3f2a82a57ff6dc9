import * as grpc from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { configFailures, configOf } from "./configuration";
import { ProviderRequests } from "./provider-requests";
import type { HostParts } from "./provider-requests";
import type { ProviderDefinition, Session } from "./resource-type";
import { sdkVersion } from "./sdk-shape";
import type { Sessions } from "./sessions";
import { fromWire } from "./values";

type Handler<Q, S> = (request: Q, session: Session, peer: string) => S | Promise<S>;

/** One provider plugin, as the engine sees it. */
export class ProviderServer {
  readonly #server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  readonly #requests: ProviderRequests;

  constructor(
    private readonly definition: ProviderDefinition,
    private readonly sessions: Sessions,
    parts: HostParts,
  ) {
    this.#requests = new ProviderRequests(definition, parts);
    this.#server.addService(ResourceProviderService, this.#service());
  }

  /** @returns the port, on 127.0.0.1 */
  async start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
  }

  /** Ends at once, whatever the engine still waits for; resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.#server.forceShutdown();
    await new Promise<void>((resolve) => {
      this.#server.tryShutdown(() => {
        resolve();
      });
    });
  }

  #service(): UntypedServiceImplementation {
    const requests = this.#requests;
    const known: UntypedServiceImplementation = {
      handshake: this.#unary((request: wire.ProviderHandshakeRequest, _session, peer) =>
        this.#handshake(request, peer),
      ),
      getPluginInfo: this.#unary(() => this.#pluginInfo()),
      checkConfig: this.#unary((request: wire.CheckRequest) => this.#checkConfig(request)),
      diffConfig: this.#unary(() => new wire.DiffResponse()),
      configure: this.#unary((request: wire.ConfigureRequest, _session, peer) => this.#configure(request, peer)),
      check: this.#unary((request: wire.CheckRequest, session) => requests.check(request, session)),
      diff: this.#unary((request: wire.DiffRequest, session) => requests.diff(request, session)),
      create: this.#unary((request: wire.CreateRequest, session) => requests.create(request, session)),
      read: this.#unary((request: wire.ReadRequest) => requests.read(request)),
      update: this.#unary((request: wire.UpdateRequest, session) => requests.update(request, session)),
      delete: this.#unary((request: wire.DeleteRequest, session) => requests.delete(request, session)),
      invoke: this.#unary((request: wire.InvokeRequest, session) => requests.invoke(request, session)),
      cancel: this.#unary((_request: Empty, session) => {
        requests.cancel(session);
        return new Empty();
      }),
    };
    const unimplemented = (_call: unknown, callback: grpc.sendUnaryData<never>): void => {
      callback({ code: grpc.status.UNIMPLEMENTED, details: "The sandbox's stand-in does not do this." });
    };
    const methods = Object.keys(ResourceProviderService);
    return Object.fromEntries(methods.map((method) => [method, known[method] ?? unimplemented]));
  }

  #unary<Q, S>(handler: Handler<Q, S>): grpc.handleUnaryCall<Q, S> {
    return (call, callback) => {
      const peer = call.getPeer();
      const answer = async (): Promise<S> => handler(call.request, this.sessions.of(peer), peer);
      answer().then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
    };
  }

  #handshake(request: wire.ProviderHandshakeRequest, peer: string): wire.ProviderHandshakeResponse {
    this.sessions.open(peer, request.getEngineAddress());
    const response = new wire.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  #pluginInfo(): PluginInfo {
    const response = new PluginInfo();
    response.setVersion(sdkVersion(this.definition.name));
    return response;
  }

  #checkConfig(request: wire.CheckRequest): wire.CheckResponse {
    const response = new wire.CheckResponse();
    response.setInputs(request.getNews());
    const config = configOf(fromWire(request.getNews()).plain);
    response.setFailuresList(
      configFailures(this.definition, config).map(({ property, reason }) => {
        const failure = new wire.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  }

  #configure(request: wire.ConfigureRequest, peer: string): wire.ConfigureResponse {
    const session = this.sessions.own(peer);
    session.config = configOf(fromWire(request.getArgs()).plain);
    // CheckConfig is skipped by refresh and destroy, so that Configure is the last to refuse.
    const [failure] = configFailures(this.definition, session.config);
    if (failure !== undefined) throw new Error(failure.reason);
    const response = new wire.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }
}
