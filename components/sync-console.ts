import { D1Database } from "@pulumi/cloudflare/d1database";
import type { WorkersScriptBinding } from "@pulumi/cloudflare/types/input";
import { WorkersCronTrigger } from "@pulumi/cloudflare/workersCronTrigger";
import { WorkersCustomDomain } from "@pulumi/cloudflare/workersCustomDomain";
import { WorkersScript } from "@pulumi/cloudflare/workersScript";
import { WorkersScriptSubdomain } from "@pulumi/cloudflare/workersScriptSubdomain";
import type { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication";
import { ZeroTrustAccessPolicy } from "@pulumi/cloudflare/zeroTrustAccessPolicy";
import * as pulumi from "@pulumi/pulumi";

import type { ConsoleEnv } from "../console/env";
import type { Customer } from "../customers/schema";
import { D1Migrations, type Migration } from "./providers/d1-migrations";
import { accessApplication } from "./shared/access-application";
import { accessRules } from "./shared/access-rules";
import { companyFormat } from "./shared/company-format";
import { databasePlace } from "./shared/database-place";
import { CONSOLE_SCHEDULE } from "../core/console-schedule";
import { consoleName } from "../core/names";
import { connectorEvent, subscribedTopics } from "../core/connector";
import { booksTestOrders } from "./shared/shopify-books";

/** The Workers runtime that the console was tested with (miniflare of the same date in package.json). */
const COMPATIBILITY_DATE = "2026-01-14";

/** Requests to the zone's own hosts go in at the front door, through Access, and not past it to the tunnel. */
const COMPATIBILITY_FLAGS = ["global_fetch_strictly_public"];

const MODULE = "worker.mjs";

/**
 * What Cloudflare's API tells of its own accord and this project does not set. The provider keeps it in the state when it
 * refreshes, and would plan to take it away again: an update that every `pulumi refresh` brings back.
 */
const CLOUDFLARE_ADDS = {
  database: ["readReplication"],
  script: [
    "limits",
    "observability.headSamplingRate",
    "observability.logs.destinations",
    "observability.logs.headSamplingRate",
    "observability.traces",
  ],
};

/** The part of the intake that the console is made from. */
type ConsoleCustomer = Pick<
  Customer,
  "slug" | "environment" | "company" | "sync" | "shopify" | "erpnext" | "hosts" | "access" | "cloudflare" | "gcp"
>;

/** What the console's Worker is and what it may reach. */
export interface SyncConsoleArgs {
  readonly customer: ConsoleCustomer;
  /** The Worker as one ES module. */
  readonly module: pulumi.Input<string>;
  /** The database's schema. */
  readonly migrations: readonly Migration[];
  /** Who signs the tokens of Cloudflare Access, e.g. "https://agency.cloudflareaccess.com". */
  readonly accessIssuer: pulumi.Input<string>;
  /** What the subscriptions have to point at. */
  readonly webhookUrl: pulumi.Input<string>;
  /** Where the server reports its state. */
  readonly healthUrl: pulumi.Input<string>;
  /** Token that the server shows its facts for. */
  readonly healthToken: pulumi.Input<string>;
  /** Where the Worker asks Shopify and ERPNext instead. Default: at their own domains. */
  readonly shopifyApiUrl?: string | undefined;
  readonly frappeApiUrl?: string | undefined;
  /** A custom app's token, or a Dev-Dashboard app's client id and secret. */
  readonly shopify:
    | { readonly adminToken: pulumi.Input<string>; readonly since: pulumi.Input<string> }
    | { readonly clientId: pulumi.Input<string>; readonly clientSecret: pulumi.Input<string> };
  /** Frappe's API key pair of the user who only reads, and what passes Access in front of it. */
  readonly frappe: {
    readonly apiKey: pulumi.Input<string>;
    readonly apiSecret: pulumi.Input<string>;
    readonly accessClientId: pulumi.Input<string>;
    readonly accessClientSecret: pulumi.Input<string>;
  };
  /** Refuse to delete the database, and leave it where it is when the stack is destroyed after all. */
  readonly protect: boolean;
}

/** Texts of the Worker's environment; undefined: not bound. */
type Bindings = Partial<Record<keyof ConsoleEnv, pulumi.Input<string> | undefined>>;

/** What Cloudflare shows to everyone who may see the Worker. */
type Plain = Exclude<keyof ConsoleEnv, "DATABASE" | Secret>;
type Secret =
  | `SHOPIFY_${"ADMIN_TOKEN" | "CLIENT_SECRET"}`
  | `ERPNEXT_${"API_KEY" | "API_SECRET" | "ACCESS_CLIENT_SECRET"}`
  | "HEALTH_TOKEN";

/**
 * The read-only monitor of what arrives in ERPNext: a Worker with its database, behind Cloudflare Access. It can be reached
 * at its host alone, not at workers.dev, and at its host only once the login stands.
 */
export class SyncConsole extends pulumi.ComponentResource {
  /** Address of the page. */
  readonly consoleUrl: pulumi.Output<string>;

  constructor(name: string, args: SyncConsoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:cloudflare:SyncConsole", name, {}, opts);

    const { hosts } = args.customer;
    const application = this.login(name, args.customer);
    const database = this.database(name, args);
    const script = this.script(name, args, { application, database });
    const published = this.publish(name, args.customer, { script, application });

    this.consoleUrl = published.hostname.apply(() => `https://${hosts.console}`);
    this.registerOutputs({ consoleUrl: this.consoleUrl });
  }

  /** The login in front of the page, for people alone: nothing of this project asks the console. */
  private login(name: string, { slug, hosts, access, cloudflare }: ConsoleCustomer): ZeroTrustAccessApplication {
    const { accountId } = cloudflare;
    const people = new ZeroTrustAccessPolicy(
      `${name}-people-policy`,
      { accountId, name: `${slug}-console-people`, decision: "allow", includes: accessRules(access.console) },
      { parent: this },
    );
    const title = `${slug}-console`;
    const login = { title, accountId, domain: hosts.console, policies: [people.id] };
    return accessApplication(`${name}-application`, login, this);
  }

  private database(name: string, { customer, migrations, protect }: SyncConsoleArgs) {
    const { accountId } = customer.cloudflare;
    const database = new D1Database(
      `${name}-database`,
      { accountId, name: consoleName(customer.slug), ...databasePlace(customer.gcp.region) },
      { parent: this, protect, retainOnDelete: protect, ignoreChanges: CLOUDFLARE_ADDS.database },
    );
    const schema = new D1Migrations(
      `${name}-schema`,
      { accountId, databaseId: database.id, migrations, customer: customer.slug },
      { parent: this },
    );
    return { database, schema };
  }

  private script(
    name: string,
    args: SyncConsoleArgs,
    made: { application: ZeroTrustAccessApplication; database: ReturnType<SyncConsole["database"]> },
  ): WorkersScript {
    const { slug, cloudflare } = args.customer;
    const { database, schema } = made.database;
    const plain: Record<Plain, pulumi.Input<string> | undefined> = {
      ...plainBindings(args),
      ACCESS_ISSUER: args.accessIssuer,
      ACCESS_AUDIENCE: made.application.aud,
    };
    return new WorkersScript(
      `${name}-script`,
      {
        accountId: cloudflare.accountId,
        scriptName: consoleName(slug),
        content: args.module,
        mainModule: MODULE,
        compatibilityDate: COMPATIBILITY_DATE,
        compatibilityFlags: COMPATIBILITY_FLAGS,
        bindings: [
          { name: "DATABASE", type: "d1", id: database.id },
          ...texts("plain_text", plain),
          ...texts("secret_text", secretBindings(args)),
        ],
        observability: { enabled: true, logs: { enabled: true, invocationLogs: true } },
      },
      // A Worker never runs on a schema that is older than itself.
      { parent: this, dependsOn: [schema], ignoreChanges: CLOUDFLARE_ADDS.script },
    );
  }

  /** Its schedule, and its name once the login stands. workers.dev and preview addresses would be doors beside the login. */
  private publish(
    name: string,
    { hosts, cloudflare }: ConsoleCustomer,
    { script, application }: { script: WorkersScript; application: ZeroTrustAccessApplication },
  ): WorkersCustomDomain {
    const { accountId, zoneId } = cloudflare;
    const { scriptName } = script;
    new WorkersCronTrigger(
      `${name}-schedule`,
      { accountId, scriptName, schedules: [{ cron: CONSOLE_SCHEDULE }] },
      { parent: this },
    );
    const subdomain = new WorkersScriptSubdomain(
      `${name}-subdomain`,
      { accountId, scriptName, enabled: false, previewsEnabled: false },
      { parent: this },
    );
    return new WorkersCustomDomain(
      `${name}-domain`,
      { accountId, zoneId, hostname: hosts.console, service: scriptName },
      { parent: this, dependsOn: [application, subdomain] },
    );
  }
}

function plainBindings(args: SyncConsoleArgs) {
  const { slug, company, sync, shopify, hosts, environment, erpnext } = args.customer;
  const since = "since" in args.shopify ? args.shopify.since : undefined;
  return {
    CUSTOMER: slug,
    COMPANY: JSON.stringify(companyFormat(company)),
    SALES_INVOICES: String(sync.salesInvoices),
    DELIVERY_NOTES: String(sync.deliveryNotes),
    TEST_ORDERS: String(booksTestOrders({ sync, environment })),
    SHOP_DOMAIN: shopify.shopDomain,
    SHOPIFY_API_URL: args.shopifyApiUrl,
    WEBHOOK_URL: args.webhookUrl,
    SHOPIFY_TOPICS: subscribedTopics({ shopify, erpnext }).map(connectorEvent).join(","),
    SHOPIFY_TOKEN_SINCE: since,
    SHOPIFY_CLIENT_ID: "clientId" in args.shopify ? args.shopify.clientId : undefined,
    ERPNEXT_URL: `https://${hosts.ui}`,
    ERPNEXT_API_URL: args.frappeApiUrl,
    HEALTH_URL: args.healthUrl,
    ERPNEXT_ACCESS_CLIENT_ID: args.frappe.accessClientId,
  };
}

function secretBindings({
  shopify,
  frappe,
  healthToken,
}: SyncConsoleArgs): Record<Secret, pulumi.Input<string> | undefined> {
  return {
    SHOPIFY_ADMIN_TOKEN: "adminToken" in shopify ? shopify.adminToken : undefined,
    SHOPIFY_CLIENT_SECRET: "clientSecret" in shopify ? shopify.clientSecret : undefined,
    ERPNEXT_API_KEY: frappe.apiKey,
    ERPNEXT_API_SECRET: frappe.apiSecret,
    ERPNEXT_ACCESS_CLIENT_SECRET: frappe.accessClientSecret,
    HEALTH_TOKEN: healthToken,
  };
}

/** Bindings of texts; secret ones are secret to Pulumi too, whatever they come from. */
function texts(type: "plain_text" | "secret_text", bindings: Bindings): WorkersScriptBinding[] {
  return Object.entries(bindings).flatMap(([name, text]) => {
    if (text === undefined) return [];
    return [{ name, type, text: type === "secret_text" ? pulumi.secret(text) : text }];
  });
}
