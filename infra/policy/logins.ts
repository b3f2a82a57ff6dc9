import { fieldsOf, isHidden, listOf, textOf, type Rule } from "./rule";

/** What lets people in without asking who they are, by the names of the SDK's fields. */
const ANYONE = ["everyone", "anyValidServiceToken"];

/** Cloudflare Access asks everyone who they are. */
export const LOGIN_ASKS: Rule = {
  name: "login-asks",
  why: "A policy that bypasses the login or includes everyone opens ERPNext's pages and its API to the world.",
  faultOf: ({ type, inputs }) => {
    const policies = /:ZeroTrustAccessApplication$/.test(type)
      ? (listOf(inputs["policies"]) ?? []).map(fieldsOf)
      : /:ZeroTrustAccessPolicy$/.test(type)
        ? [inputs]
        : [];
    for (const { decision, includes } of policies) {
      if (decision === "bypass")
        return 'lets everyone past the login ("bypass"): set "decision" to "allow" and name people';
      const open = ANYONE.find((kind) => (listOf(includes) ?? []).some((rule) => kind in fieldsOf(rule)));
      if (open !== undefined && decision !== "deny") {
        return `includes "${open}", which is anyone: name the people, their domain, or this stack's own service token`;
      }
    }
    return undefined;
  },
};

/** Where the tunnel ends. */
const FRONTEND = "http://frontend:8080";

/** The tunnel leads to ERPNext's pages and to nothing else in the server's network. */
export const TUNNEL_TO_PAGES: Rule = {
  name: "tunnel-to-pages",
  why: "The tunnel reaches every container: a rule to the queue's Redis is code in ERPNext, without any password.",
  faultOf: ({ type, inputs }) => {
    if (!/:ZeroTrustTunnelCloudflaredConfig$/.test(type)) return undefined;
    const { ingresses } = fieldsOf(inputs["config"]);
    for (const rule of listOf(ingresses) ?? []) {
      const { service, originRequest } = fieldsOf(rule);
      const target = textOf(service);
      if (target === undefined || /^http_status:[45]\d\d$/.test(target)) continue;
      if (target !== FRONTEND) return `leads to "${target}": lead the tunnel to ${FRONTEND} alone`;
      const { required } = fieldsOf(fieldsOf(originRequest)["access"]);
      if (required !== true && !isHidden(required) && !isHidden(originRequest)) {
        return `passes requests on without a login: set "originRequest.access.required" to true`;
      }
    }
    return undefined;
  },
};

/** The Worker is reached at its own host alone. */
export const NO_WORKERS_DEV: Rule = {
  name: "no-workers-dev",
  why: "The Sync Console at workers.dev or at a preview address stands beside its login and not behind it.",
  faultOf: ({ type, inputs }) => {
    if (!/:WorkersScriptSubdomain$/.test(type)) return undefined;
    const open = ["enabled", "previewsEnabled"].find((field) => inputs[field] === true);
    return open === undefined ? undefined : `publishes the Worker beside its login: set "${open}" to false`;
  },
};
