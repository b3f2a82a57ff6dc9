import type { Clock } from "../clock";
import type { RequestLog } from "../request-log";

/** The company that the setup wizard was given. */
export interface Company {
  /** Legal name, e.g. "Demo Store GmbH". */
  readonly name: string;
  /** What names of accounts, warehouses and cost centers end in, e.g. "DSG". */
  readonly abbreviation: string;
  /** English name, e.g. "Germany". */
  readonly country: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** Of the tz database, e.g. "Europe/Berlin"; default: the site's as it is. */
  readonly timeZone?: string;
  readonly chartOfAccounts?: string;
  /** "MM-DD"; default "01-01". */
  readonly fiscalYearStart?: string;
  /** The wizard's bank account, without the abbreviation; default "Demo Bank"; "" leaves no leaf under "Bank Accounts". */
  readonly bankAccount?: string;
}

/** Which of the connector patches the running image has. */
export interface Patches {
  /** History asks Shopify for orders of every status, not for open ones alone. */
  readonly statusAny: boolean;
  /** Names of items and order lines are cut to 140 characters. */
  readonly truncate: boolean;
  /** One failing order does not end a history run. */
  readonly perOrderTry: boolean;
  /** Our app's module stands in the connector's package: a Delivery Note names its order, also one of a pulled history. */
  readonly booksApp: boolean;
}

export interface ErpnextOptions {
  /** Keeps the state in `<dir>/erpnext.json`; the same directory again is the same data disk. */
  readonly dir: string;
  /** Any other Host gets Frappe's 404. */
  readonly siteName: string;
  /** Sets up an empty directory at once, as `bench new-site`, the setup wizard and the server's scripts would. */
  readonly setup?: {
    readonly company: Company;
    /** The automation user; `roles` defaults to every role there is. */
    readonly automation: {
      readonly user: string;
      readonly apiKey: string;
      readonly apiSecret: string;
      readonly roles?: readonly string[];
    };
    readonly administratorPassword: string;
  };
  /** Where the connector's REST calls for a shop go, e.g. "http://127.0.0.1:4711"; the path starts with /admin/api/. */
  readonly shopifyUrl: (shopDomain: string) => string;
  readonly patches: Patches;
  readonly log: RequestLog;
  readonly clock: Clock;
  /** The site's, of the tz database: times are written in it; default "UTC". */
  readonly timeZone?: string;
  /** On 127.0.0.1; default: any free one, kept over stop() and start(). */
  readonly port?: number;
  /** The queues that each worker serves, in its order of preference; default as in frappe_docker: short+default, long+default+short. */
  readonly workers?: readonly (readonly QueueName[])[];
  /** What the web server does with a request; default "open". "maintenance" is a 503, "closed" drops the connection. */
  readonly door?: () => "open" | "maintenance" | "closed";
  /** What the frontend has at /login and below /assets/; "" and undefined are a 404, as is the default. */
  readonly page?: (path: string) => string | undefined;
  /** Whether the scheduler's container runs; default true. */
  readonly isScheduling?: () => boolean;
  /** What the site's Password fields are encrypted with; default none. */
  readonly encryptionKey?: string;
  /** Whether redis-queue keeps its jobs over a restart (append-only file); default false. */
  readonly appendOnly?: boolean;
  /**
   * What making the Items of one product costs after Shopify's answer, in milliseconds of the clock; default 500: the
   * connector does not retry, and it is its own slowness that keeps it within Shopify's two REST calls a second.
   */
  readonly productMs?: number;
  /** What one old order costs a history run besides Shopify's answers, in milliseconds of the clock; default 0. */
  readonly orderMs?: number;
}

export type QueueName = "short" | "default" | "long";
