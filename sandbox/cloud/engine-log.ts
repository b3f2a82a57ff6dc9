import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** How long an engine may take for one line. */
const TIMEOUT_MS = 5000;

/** Lets providers speak to the operator, through the engine that asked them. */
export class EngineLog {
  readonly #clients = new Map<string, EngineClient>();

  /** One line beside the resource; `address` is the engine's, "" for none. */
  async say(address: string, line: { severity: "info" | "warning"; urn: string; message: string }): Promise<void> {
    if (address === "") return;
    const request = new LogRequest();
    request.setSeverity(line.severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setUrn(line.urn);
    request.setMessage(line.message);
    await new Promise<void>((resolve) => {
      // An engine that is gone needs no lines: the answer is not looked at.
      this.#client(address).log(request, new grpc.Metadata(), { deadline: Date.now() + TIMEOUT_MS }, () => {
        resolve();
      });
    });
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(address: string): EngineClient {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    const client = new EngineClient(address, grpc.credentials.createInsecure());
    this.#clients.set(address, client);
    return client;
  }
}
