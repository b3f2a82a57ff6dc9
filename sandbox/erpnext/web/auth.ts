import { randomBytes } from "node:crypto";
import { PythonException } from "../frappe/exceptions";
import { ADMINISTRATOR } from "../frappe/documents";
import type { ErpnextOptions } from "../options";

export const GUEST = "Guest";

/** Who the automation user is when the options do not say. */
export function automationUser(options: ErpnextOptions): string {
  return options.automation.user ?? "automation@sandbox.invalid";
}

/** Sign-in by API key (`Authorization: token key:secret` or Basic) and, for the Administrator, by password and cookie. */
export class Gate {
  readonly #sessions = new Set<string>();

  constructor(private readonly options: ErpnextOptions) {}

  /** The user of a request: Guest without credentials; wrong ones are a 401. */
  userOf(authorization: string | undefined, cookie: string | undefined): string {
    if (authorization !== undefined) return this.#byKey(authorization);
    const session = /(?:^|;\s*)sid=([^;]+)/.exec(cookie ?? "")?.[1];
    return session !== undefined && this.#sessions.has(session) ? ADMINISTRATOR : GUEST;
  }

  /** Opens a session and gives its id. Only the Administrator has a password here. */
  signIn(user: string, password: string): string {
    if (user !== ADMINISTRATOR || password !== this.options.administratorPassword)
      throw unauthorized("Invalid login credentials");
    const session = randomBytes(28).toString("hex");
    this.#sessions.add(session);
    return session;
  }

  #byKey(authorization: string): string {
    const [scheme = "", value = ""] = authorization.split(" ");
    const pair = scheme.toLowerCase() === "basic" ? Buffer.from(value, "base64").toString("utf8") : value;
    const { apiKey, apiSecret } = this.options.automation;
    if (pair === `${apiKey}:${apiSecret}`) return automationUser(this.options);
    throw unauthorized("");
  }
}

function unauthorized(message: string): PythonException {
  return new PythonException(message, { type: "AuthenticationError", module: "frappe.exceptions.", status: 401 });
}
