import { type Doc, type Fields, isFields, isSet, rows, text } from "../frappe/document";
import { SETTING } from "./doctypes-connector";
import { load } from "../frappe/documents";
import { activeResource } from "../frappe/exceptions";
import { readPassword } from "../frappe/passwords";
import type { Work } from "../site";

/** The version that every branch of the connector asks for; Shopify answers with an older supported one once it is retired. */
const API_VERSION = "2024-01";

/** What a Shopify that answered unlike 2xx, or did not answer, raises in the connector's HTTP library. */
const RAISES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "UnauthorizedAccess",
  403: "ForbiddenAccess",
  404: "ResourceNotFound",
  409: "ResourceConflict",
  422: "ResourceInvalid",
};

/** The connector's view of Shopify: Admin REST with one static token, without retries. */
export class ShopifyRest {
  constructor(
    private readonly base: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  async one(resource: string): Promise<Fields> {
    return (await this.#request("GET", path(resource))).body;
  }

  /** Every entry of a list, page after page, as the Link header leads. */
  async *pages(resource: string, query: Readonly<Record<string, string>>): AsyncGenerator<Fields[]> {
    const collection = resource.replace(".json", "");
    let next: string | undefined = `${path(resource)}?${new URLSearchParams(query).toString()}`;
    while (next !== undefined) {
      const page: { body: Fields; next: string | undefined } = await this.#request("GET", next);
      yield rows(page.body[collection]);
      next = page.next;
    }
  }

  async create(resource: string, body: Fields): Promise<Fields> {
    return (await this.#request("POST", path(resource), body)).body;
  }

  async destroy(resource: string): Promise<void> {
    await this.#request("DELETE", path(resource));
  }

  async #request(method: string, target: string, body?: Fields): Promise<{ body: Fields; next: string | undefined }> {
    let response: Response;
    try {
      response = await fetch(new URL(target, this.base), {
        method,
        signal: this.signal,
        headers: {
          "X-Shopify-Access-Token": this.token,
          "Content-Type": "application/json",
          Accept: "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      this.signal.throwIfAborted();
      throw activeResource("Error", error instanceof Error ? error.message : String(error));
    }
    const answer = await response.text();
    if (!response.ok) {
      const type = RAISES[response.status] ?? (response.status < 500 ? "ClientError" : "ServerError");
      throw activeResource(
        type,
        `Response(code=${response.status}, body="b'${answer}'", msg="${response.statusText}")`,
      );
    }
    const parsed: unknown = answer === "" ? {} : JSON.parse(answer);
    return { body: isFields(parsed) ? parsed : {}, next: nextPage(response.headers.get("link")) };
  }
}

/** Shopify with the saved credential, or nothing while the integration is disabled: the connector then skips its work. */
export function savedSession(work: Work): ShopifyRest | undefined {
  const setting = load(work.tx, SETTING, SETTING);
  return isSet(setting["enable_shopify"])
    ? session(work, setting, readPassword(work.tx, setting, "password"))
    : undefined;
}

/** Shopify as a setting that is being saved names it. */
export function session(work: Work, setting: Doc | Fields, token: string): ShopifyRest {
  return new ShopifyRest(work.site.options.shopifyUrl(text(setting["shopify_url"])), token, work.signal);
}

function path(resource: string): string {
  return `/admin/api/${API_VERSION}/${resource}`;
}

function nextPage(header: string | null): string | undefined {
  const next = /<([^>]+)>;\s*rel="?next"?/.exec(header ?? "")?.[1];
  if (next === undefined) return undefined;
  const url = new URL(next);
  return `${url.pathname}${url.search}`;
}
