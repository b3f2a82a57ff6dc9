import { type Doc, type Fields, isFields, isSet, rows, text } from "../frappe/document";
import { SETTING } from "./doctypes-connector";
import { load } from "../frappe/documents";
import { activeResource, type PythonException } from "../frappe/exceptions";
import { readPassword } from "../frappe/passwords";
import type { Work } from "../site";

/** The version that every branch of the connector asks for; Shopify answers with an older supported one once it is retired. */
const API_VERSION = "2024-01";

/** What a Shopify that answered unlike 2xx, or did not answer, raises in the connector's HTTP library. */
const RAISES: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "UnauthorizedAccess",
  403: "ForbiddenAccess",
  409: "ResourceConflict",
  422: "ResourceInvalid",
};

/** The connector's view of Shopify: Admin REST with one static token, without retries. */
export class ShopifyRest {
  constructor(
    private readonly domain: string,
    private readonly base: string,
    private readonly means: { readonly token: string; readonly signal: AbortSignal },
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
        signal: this.means.signal,
        headers: {
          "X-Shopify-Access-Token": this.means.token,
          "Content-Type": "application/json",
          Accept: "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      this.means.signal.throwIfAborted();
      throw activeResource("Error", error instanceof Error ? error.message : String(error));
    }
    const answer = await response.text();
    if (!response.ok) {
      throw failure(response, { answer, url: `https://${this.domain}${target}` });
    }
    const parsed: unknown = answer === "" ? {} : JSON.parse(answer);
    return { body: isFields(parsed) ? parsed : {}, next: nextPage(response.headers.get("link")) };
  }
}

/** The library's own words differ by status: a 404 names the address, a 5xx the reason alone, the others all that came. */
function failure({ status, statusText }: Response, { answer, url }: { answer: string; url: string }): PythonException {
  if (status === 404) return activeResource("ResourceNotFound", `${statusText}: ${url}`);
  if (status >= 500) return activeResource("ServerError", statusText);
  return activeResource(
    RAISES[status] ?? "ClientError",
    `Response(code=${status}, body="b'${answer}'", headers={}, msg="${statusText}")`,
  );
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
  const domain = text(setting["shopify_url"]);
  return new ShopifyRest(domain, work.site.options.shopifyUrl(domain), { token, signal: work.signal });
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
