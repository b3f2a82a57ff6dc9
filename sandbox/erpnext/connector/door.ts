import { createHmac } from "node:crypto";
import { SETTING } from "./doctypes-connector";
import { type Fields, text } from "../frappe/document";
import { load } from "../frappe/documents";
import { EVENTS } from "./events";
import { badJson, builtin, validationError } from "../frappe/exceptions";
import { writeLog } from "./integration-log";
import type { Work } from "../site";

/** What of a request reaches the door; a header that was not sent is undefined. */
export interface Delivery {
  readonly body: Buffer;
  readonly hmac: string | undefined;
  readonly topic: string | undefined;
  /** Whether it calls its body JSON: Frappe reads that before any code of the connector runs. */
  readonly isJson: boolean;
}

/**
 * The webhook door: checks the signature, writes a log row, queues the event, whether the integration is enabled or not.
 * Its failures are those of the connector's code, e.g. it cannot log the unverified bytes and so leaves no trace of them.
 */
export function storeRequestData(work: Work, delivery: Delivery): void {
  if (delivery.isJson && delivery.body.length > 0 && typeof parse(delivery.body) !== "object") {
    throw validationError("Invalid request arguments");
  }
  const secret = text(load(work.tx, SETTING, SETTING)["shared_secret"]);
  if (secret === "") throw builtin("AttributeError", "'NoneType' object has no attribute 'encode'");
  if (delivery.hmac === undefined) throw builtin("AttributeError", "'NoneType' object has no attribute 'encode'");
  const signature = createHmac("sha256", secret).update(delivery.body).digest("base64");
  if (signature !== delivery.hmac) {
    if (delivery.body.length > 0) throw builtin("TypeError", "Object of type bytes is not JSON serializable");
    writeLog(work, { status: "Error" });
    throw validationError("Unverified Webhook Data");
  }
  const payload = parse(delivery.body);
  const method = EVENTS[delivery.topic ?? ""];
  if (method === undefined) throw builtin("KeyError", delivery.topic === undefined ? "None" : `'${delivery.topic}'`);
  const log = writeLog(work, { method, requestData: payload });
  work.site.queue.enqueue({ method, queue: "short", kwargs: { payload, request_id: log.name } });
}

function parse(body: Buffer): Fields {
  try {
    return JSON.parse(body.toString("utf8")) as Fields;
  } catch {
    throw badJson();
  }
}
