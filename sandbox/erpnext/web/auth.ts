import { randomBytes } from "node:crypto";
import { isSet } from "../frappe/document";
import { ADMINISTRATOR } from "../frappe/documents";
import { PythonException } from "../frappe/exceptions";
import { checkLogin, readPassword } from "../frappe/passwords";
import type { Store } from "../frappe/store";

export const GUEST = "Guest";

/** Sign-in by API key (`Authorization: token key:secret` or Basic) and, for the Administrator, by password and cookie. */
export class Gate {
  readonly #sessions = new Set<string>();

  constructor(private readonly store: Store) {}

  /** The user of a request: Guest without credentials; wrong ones are a 401. */
  userOf(authorization: string | undefined, cookie: string | undefined): string {
    if (authorization !== undefined) return this.#byKey(authorization);
    const session = /(?:^|;\s*)sid=([^;]+)/.exec(cookie ?? "")?.[1];
    return session !== undefined && this.#sessions.has(session) ? ADMINISTRATOR : GUEST;
  }

  /** Opens a session and gives its id. Only the Administrator has a password here. */
  signIn(user: string, password: string): string {
    if (user !== ADMINISTRATOR) throw unauthorized("Invalid login credentials");
    checkLogin(this.store.begin(), user, password);
    const session = randomBytes(28).toString("hex");
    this.#sessions.add(session);
    return session;
  }

  #byKey(authorization: string): string {
    const [scheme = "", value = ""] = authorization.split(" ");
    const pair = scheme.toLowerCase() === "basic" ? Buffer.from(value, "base64").toString("utf8") : value;
    const [key = "", secret = ""] = pair.split(":");
    const tx = this.store.begin();
    const user = key === "" ? undefined : tx.find("User", { api_key: key });
    const isRight = user !== undefined && isSet(user["enabled"]) && readPassword(tx, user, "api_secret") === secret;
    if (isRight) return user.name;
    throw unauthorized("");
  }
}

function unauthorized(message: string): PythonException {
  return new PythonException(message, { type: "AuthenticationError", module: "frappe.exceptions.", status: 401 });
}
