import type { Observation } from "../server-readiness";

/** The certificate that the hook host shows. */
export interface Certificate {
  readonly issuer: string;
  /** RFC 3339. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Why the certificate is not this host's; undefined when it is. */
  readonly nameFault: string | undefined;
  /** Why this machine does not trust it; undefined when it does. */
  readonly trustFault: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
}

/** The answer to `cmd=ping`, by the form in which it was sent. */
export interface CommandAnswer {
  readonly sent: string;
  readonly status: number;
  /** Whether ERPNext ran the command. */
  readonly isPong: boolean;
}

/** The login page and the first style sheet that it names. */
export interface LoginPage {
  readonly status: number;
  /** Path and status; undefined where the page names none. */
  readonly sheet: { readonly path: string; readonly status: number } | undefined;
}

/** A host's addresses; empty where its name does not exist. */
export type Addresses = readonly string[];

/** What both doors look like from where this runs, which is outside of the server. */
export interface DoorFacts {
  readonly hookAddresses: Addresses;
  readonly certificate: Certificate;
  /** Status by "METHOD path" of what must not be reachable. */
  readonly hookAnswers: Readonly<Record<string, number>>;
  /** What the webhook's address answers to bodies that name a command of Frappe's, without a signature. */
  readonly hookCommands: readonly CommandAnswer[];
  readonly hookRedirect: Answer;
  /** Which of the ports that must be closed take a connection at the server's address. */
  readonly openPorts: readonly number[];
  /** The pages without a token of any kind. */
  readonly uiWithout: Answer;
  /** The pages with the stack's service token. */
  readonly uiWith: Answer & { /** Whether ERPNext itself answered. */ readonly isPong: boolean };
  readonly loginPage: LoginPage;
  readonly health: Observation;
}
