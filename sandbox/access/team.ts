import type { CloudRecord } from "../cloud/records";
import { settings, type CloudView } from "../vm/cloud-view";
import { AccessTokens } from "./tokens";

/** The team that every account of the sandbox has. */
export const TEAM_DOMAIN = "sandbox.cloudflareaccess.com";

/** The cookie that a browser keeps for a host it passed the login of. */
export const LOGIN_COOKIE = "CF_Authorization";

type Json = Readonly<Record<string, unknown>>;

/** What Access makes of a request. A token is the one that the edge hands on, in `Cf-Access-Jwt-Assertion`. */
export type Verdict =
  | { readonly kind: "no application" }
  | { readonly kind: "admitted"; readonly token: string }
  | { readonly kind: "login"; readonly location: string };

/** What a request shows of whom it comes from; header names in lower case. */
export type Shown = Readonly<Record<string, string | string[] | undefined>>;

/** Cloudflare Access over the applications and policies that the cloud holds. */
export class AccessTeam {
  readonly tokens = new AccessTokens(TEAM_DOMAIN);

  constructor(private readonly cloud: CloudView) {}

  /** Whether a request may pass, by its service token or by the cookie of an earlier login. */
  judge(host: string, shown: Shown): Verdict {
    const application = this.#applicationAt(host);
    if (application === undefined) return { kind: "no application" };
    const audience = String(settings(application)["aud"]);
    const cookie = cookieOf(shown);
    if (cookie !== undefined && this.tokens.accepts(cookie, audience)) return { kind: "admitted", token: cookie };
    const presented = this.#serviceToken(shown);
    if (presented !== undefined && this.#policiesOf(application, "non_identity").some(includesToken(presented))) {
      const { clientId } = settings(presented);
      return { kind: "admitted", token: this.tokens.issue(audience, { common_name: String(clientId) }) };
    }
    return { kind: "login", location: `${this.tokens.issuer}/cdn-cgi/access/login/${host}` };
  }

  /**
   * Someone proves to be the owner of an e-mail address, and gets the cookie's value if a policy names it.
   * @throws Error where none does
   */
  signIn(host: string, email: string): string {
    const application = this.#applicationAt(host);
    if (application === undefined) throw new Error(`there is no Access application at ${host}`);
    if (!this.#policiesOf(application, "allow").some(includesPerson(email))) {
      throw new Error(`no policy of the Access application at ${host} lets ${email} in`);
    }
    return this.tokens.issue(String(settings(application)["aud"]), { email });
  }

  #applicationAt(host: string): CloudRecord | undefined {
    return this.cloud
      .resources("cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication")
      .find((candidate) => settings(candidate)["domain"] === host);
  }

  #serviceToken(shown: Shown): CloudRecord | undefined {
    return this.cloud
      .resources("cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken")
      .find((candidate) => {
        const { clientId, clientSecret } = settings(candidate);
        return shown["cf-access-client-id"] === clientId && shown["cf-access-client-secret"] === clientSecret;
      });
  }

  #policiesOf(application: CloudRecord, decision: string): readonly Json[] {
    const attached = ((settings(application)["policies"] as Json[] | undefined) ?? []).map(({ id }) => id);
    return this.cloud
      .resources("cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy")
      .filter((policy) => attached.includes(policy.id))
      .map(settings)
      .filter((policy) => policy["decision"] === decision);
  }
}

function includesToken(token: CloudRecord): (policy: Json) => boolean {
  return (policy) => JSON.stringify(policy["includes"]).includes(token.id);
}

function includesPerson(email: string): (policy: Json) => boolean {
  interface Rule {
    readonly email?: { readonly email: string };
    readonly emailDomain?: { readonly domain: string };
  }
  return (policy) =>
    ((policy["includes"] as Rule[] | undefined) ?? []).some(
      (rule) => rule.email?.email === email || (rule.emailDomain && email.endsWith(`@${rule.emailDomain.domain}`)),
    );
}

function cookieOf(shown: Shown): string | undefined {
  const header = String(shown["cookie"] ?? "");
  const parts = header.split(/;\s*/).map((part) => part.split("="));
  return parts.find(([name]) => name === LOGIN_COOKIE)?.[1];
}
