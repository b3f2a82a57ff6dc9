import { HEALTH_PATH, WEBHOOK_PATH } from "../../../core/connector";
import { withheld } from "../server-readiness";
import { loginOf } from "./access-login";
import { check, type Facts } from "./check";
import { bad, ok, skipped, unknown, warn, type Finding } from "./finding";

/** What the hook host may not answer: one path is open, for POST alone. */
export const CLOSED = [
  "GET /",
  `GET ${WEBHOOK_PATH}`,
  `GET ${WEBHOOK_PATH}/`,
  "GET /api/method/ping",
  "POST /api/method/login",
  "POST /api/method/ping",
  `PUT ${WEBHOOK_PATH}`,
  `POST ${WEBHOOK_PATH}/`,
  "GET /app",
  "GET /files/x",
] as const;

/** Share of a certificate's life that is left when Caddy renews it, and with how much less something is wrong. */
const RENEWED_AT = 1 / 3;
const LATE = RENEWED_AT * 0.75;

const HOUR_MS = 60 * 60 * 1000;

export function judgeHookDns({
  hookAddresses,
  outputs,
  customer,
}: Pick<Facts, "hookAddresses" | "outputs" | "customer">): Finding {
  const host = customer.hosts.hook;
  const next = `run "pulumi up -s ${customer.slug}", which makes the record; then look at the zone in Cloudflare`;
  const { serverAddress } = outputs;
  if (hookAddresses.length === 0) return bad(`${host} has no address`, next);
  const saw = `${host} is ${hookAddresses.join(", ")}`;
  if (serverAddress === undefined) return warn(`${saw}; the stack has no server address to compare with`, next);
  if (hookAddresses.length === 1 && hookAddresses[0] === serverAddress) return ok(`${saw}, the server itself`);
  return bad(`${saw}, not ${serverAddress}: it is proxied, or the record is another's`, next);
}

export function judgeCertificate({
  certificate,
  customer,
  now,
}: Pick<Facts, "certificate" | "customer" | "now">): Finding {
  const { issuer, validFrom, validTo, nameFault, trustFault } = certificate;
  const next = 'look at the step "door" of the server and at Caddy\'s log';
  if (nameFault !== undefined) return bad(`the certificate belongs to another host: ${nameFault}`, next);
  const left = Date.parse(validTo) - now.getTime();
  if (Number.isNaN(left)) return unknown(`the certificate's end is "${validTo}", which is no time`);
  const saw = `issued by ${issuer}, ${timeLeft(left)}`;
  if (left <= 0) return bad(`it ended on ${validTo.slice(0, 10)}`, next);
  if (trustFault !== undefined) return judgeUntrusted(`${saw}; it is not trusted: ${trustFault}`, customer);
  const share = left / (Date.parse(validTo) - Date.parse(validFrom));
  return share < LATE ? warn(`${saw}: it should have been renewed by now`, next) : ok(saw);
}

/** A test store's certificate is of Let's Encrypt's staging; it is what is wanted, and yet Shopify will not deliver to it. */
function judgeUntrusted(saw: string, { environment }: Facts["customer"]): Finding {
  if (environment === "production") return bad(saw, 'look at the step "door" of the server and at Caddy\'s log');
  return warn(
    saw,
    "expect no deliveries of Shopify's own here: it checks certificates; signed deliveries of this project arrive",
  );
}

function timeLeft(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  return hours < 48 ? `${hours} hours left` : `${Math.floor(hours / 24)} days left`;
}

export function judgeClosed({ hookAnswers }: Pick<Facts, "hookAnswers">): Finding {
  const open = Object.entries(hookAnswers).filter(([, status]) => status !== 404);
  if (open.length === 0) return ok(`404 for ${Object.keys(hookAnswers).length} requests that are not Shopify's`);
  return bad(
    open.map(([request, status]) => `${request} answers ${status}`).join("; "),
    'compare the server\'s Caddyfile with host/Caddyfile, and run "pulumi up"',
  );
}

export function judgeCommands({ hookCommands, customer }: Pick<Facts, "hookCommands" | "customer">): Finding {
  const next = `run "pulumi up -s ${customer.slug}", which gives the server the closed door; until then everyone can call ERPNext there`;
  const run = hookCommands.find(({ isPong }) => isPong);
  if (run !== undefined) return bad(`"cmd=ping" sent as ${run.sent} was run by ERPNext (HTTP ${run.status})`, next);
  const taken = hookCommands.find(({ status }) => status < 400);
  if (taken !== undefined)
    return bad(`"cmd=ping" sent as ${taken.sent}, unsigned, was taken (HTTP ${taken.status})`, next);
  const busy = hookCommands.find(({ status }) => status > 500);
  if (busy !== undefined) return unknown(`the door answers HTTP ${busy.status}, which tells nothing`);
  return ok(hookCommands.map(({ sent, status }) => `${sent}: HTTP ${status}`).join(", "));
}

export function judgeHealthz({
  health,
  stackState,
  customer,
}: Pick<Facts, "health" | "stackState" | "customer">): Finding {
  if (health.kind === "report") {
    const saw = `${HEALTH_PATH} answers: ${health.report.state}`;
    const why = withheld(health.report);
    if (why === undefined) return ok(saw);
    return warn(`${saw}; ${why}`, `run "pulumi up -s ${customer.slug}", which gives the server the token`);
  }
  if (Object.keys(stackState?.partialOutputs ?? {}).length === 0) return skipped("the stack is not up");
  return bad(health.reason, "look at the DNS record, the firewall and the server's serial port");
}

export function judgeRedirect({ hookRedirect, customer }: Pick<Facts, "hookRedirect" | "customer">): Finding {
  const { status, location } = hookRedirect;
  const elsewhere = location === undefined ? "" : ` to ${location}`;
  const target = URL.canParse(location ?? "") ? new URL(location ?? "") : undefined;
  const isHere = target?.protocol === "https:" && target.host === customer.hosts.hook;
  if (status >= 300 && status < 400 && isHere) return ok(`HTTP ${status}${elsewhere}`);
  return bad(`plain HTTP answers ${status}${elsewhere}`, "compare the server's Caddyfile with host/Caddyfile");
}

export function judgePorts({ openPorts }: Pick<Facts, "openPorts">): Finding {
  if (openPorts.length === 0) return ok("nothing answers at the ports of SSH, MariaDB, Redis and ERPNext");
  const [named, are] = [openPorts.join(", "), openPorts.length === 1 ? "is" : "are"];
  return bad(
    `port ${named} of the server ${are} open to everyone`,
    "close it in the firewall and in the compose files: ERPNext is reached past both doors",
  );
}

export function judgeUiRefuses({ uiWithout, customer }: Pick<Facts, "uiWithout" | "customer">): Finding {
  const { status } = uiWithout;
  const login = loginOf(uiWithout);
  if (login !== undefined) return ok(`HTTP ${status} to the login at ${login}`);
  const next = `look at the Access application of ${customer.hosts.ui} and at its record, which must be proxied`;
  if (status === 401 || status === 403) {
    return warn(
      `HTTP ${status} without a token, which is not the login of Access: people may not be able to sign in`,
      next,
    );
  }
  return bad(`${customer.hosts.ui} answers HTTP ${status} to someone without a token`, next);
}

export function judgeUiAdmits({ uiWith, customer }: Pick<Facts, "uiWith" | "customer">): Finding {
  const { status, isPong } = uiWith;
  if (status === 200 && isPong) return ok("the service token passes, and the site answers");
  if (status === 200)
    return bad(
      `something else than ERPNext answers at ${customer.hosts.ui}`,
      `look at the tunnel's rule for ${customer.hosts.ui}`,
    );
  const next =
    status === 530 || (status >= 502 && status <= 504)
      ? "look at cloudflared and the frontend on the server: the tunnel does not reach ERPNext"
      : `look at the Access policy of the service token, or run "pulumi up -s ${customer.slug}"`;
  return bad(`HTTP ${status} with the service token`, next);
}

export function judgeLoginPage({ loginPage, customer }: Pick<Facts, "loginPage" | "customer">): Finding {
  const { status, sheet } = loginPage;
  const next = `run "sudo bash -c '. /opt/erpnext/lib.sh && . /opt/erpnext/stack.sh && forget_assets'" on the server of ${customer.slug}`;
  if (status !== 200) return bad(`/login answers HTTP ${status}`, "look at the log of the backend on the server");
  if (sheet === undefined) return bad("/login names no style sheet", next);
  if (sheet.status === 200) return ok(`/login and its ${sheet.path} answer`);
  return bad(`/login asks for ${sheet.path}, which answers HTTP ${sheet.status}: it is another image's`, next);
}

export const DOOR_CHECKS = [
  check({
    id: "hook-dns",
    group: "doors",
    title: "the hook host leads straight to the server",
    looksAt: "the hook host's DNS record beside the server's address",
    why: "A proxied record lets an edge touch the signed body, and every HMAC may fail.",
    from: ["hookAddresses", "outputs", "customer"],
    judge: judgeHookDns,
  }),
  check({
    id: "hook-certificate",
    group: "doors",
    title: "the hook host has a good certificate",
    looksAt: "a TLS connection to the hook host",
    why: "Shopify checks it, counts a bad one as a failed delivery, and deletes the subscription after eight.",
    from: ["certificate", "customer", "now"],
    judge: judgeCertificate,
  }),
  check({
    id: "hook-health",
    group: "doors",
    title: "the server reports its state",
    looksAt: "GET /healthz at the hook host",
    why: "A server that does not answer there does not answer Shopify either.",
    from: ["health", "stackState", "customer"],
    judge: judgeHealthz,
  }),
  check({
    id: "hook-closed",
    group: "doors",
    title: "nothing but the webhook's path is open",
    looksAt: "requests to other paths of the hook host",
    why: "Whatever else answers there is ERPNext without Cloudflare Access before it.",
    from: ["hookAnswers"],
    judge: judgeClosed,
  }),
  check({
    id: "hook-commands",
    group: "doors",
    title: "the webhook's address runs no command of ERPNext",
    looksAt: 'POST "cmd=ping" at the webhook\'s address, as JSON, form and multipart, unsigned',
    why: "Frappe runs what a body names, whatever the path: a login, a mail, any method that a guest may call.",
    from: ["hookCommands", "customer"],
    judge: judgeCommands,
  }),
  check({
    id: "hook-https",
    group: "doors",
    title: "plain HTTP leads to HTTPS",
    looksAt: "port 80 of the hook host",
    why: "Orders must not travel in clear, and certificates are proven through this port.",
    from: ["hookRedirect", "customer"],
    judge: judgeRedirect,
  }),
  check({
    id: "closed-ports",
    group: "doors",
    title: "the server's other ports are closed",
    looksAt: "ports 22, 3306, 6379, 8000, 8080 and 9000 of the server's address",
    why: "There, shell, database, queue and every page would be open to everyone who guesses a password.",
    from: ["openPorts"],
    judge: judgePorts,
  }),
  check({
    id: "ui-refuses",
    group: "doors",
    title: "the pages are closed to strangers",
    looksAt: "the UI host, without a token",
    why: "Without Cloudflare Access the whole world sees ERPNext's login.",
    from: ["uiWithout", "customer"],
    judge: judgeUiRefuses,
  }),
  check({
    id: "ui-admits",
    group: "doors",
    title: "the pages are open to this project",
    looksAt: "the UI host, with the stack's service token",
    why: "Settings, backfill and this doctor go this way.",
    from: ["uiWith", "customer"],
    judge: judgeUiAdmits,
  }),
  check({
    id: "ui-assets",
    group: "doors",
    title: "the pages have their styles and scripts",
    looksAt: "/login and the first style sheet that it names, with the stack's service token",
    why: "After an upgrade pages may ask for the old image's files, because the list of them is kept in redis-cache.",
    from: ["loginPage", "customer"],
    judge: judgeLoginPage,
  }),
];
