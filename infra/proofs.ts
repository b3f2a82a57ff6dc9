/** Something that could not be run where this was written, and how a first real deployment proves it. */
export interface Proof {
  /** Lasting name, in lower case with hyphens; what `doctor` and a changelog call it. */
  readonly id: string;
  /** What is unproven. Markdown, one line. */
  readonly unproven: string;
  /** What to do and to see. Markdown, one line; links are relative to docs/decisions/. */
  readonly proof: string;
  /** Id of the check of `doctor` that sees (a part of) it by itself, where there is one. */
  readonly check?: string;
  /** What that check does not see of the proof, in the proof's own words; it has to be done by hand. */
  readonly byHand?: string;
}

/** In the order in which a first deployment comes by. Decision 0007 shows the same as a table (infra/proofs.test.ts). */
export const PROOFS: readonly Proof[] = [
  {
    id: "provider-plugins",
    unproven: "real gcp, cloudflare, command plugins",
    proof:
      "`pulumi preview` of a new stack ends well; `pulumi up` twice, and the second changes nothing; `pulumi refresh` finds no drift",
  },
  {
    id: "gcp-rights",
    unproven: "`gcp` rights and APIs",
    proof:
      "the first `pulumi up` in a fresh project, with the roles of [A new customer](../new-customer.md#1-what-you-need-first) and not as owner",
  },
  {
    id: "cloudflare-token",
    unproven: "Cloudflare API token",
    proof: "the same, with the eight permissions listed there and no other",
  },
  {
    id: "image-build",
    unproven: "docker-build, the image",
    proof:
      "both builds end; `python3 /opt/erpnext-image/patch_connector.py --apps-dir apps --check` in the running container says that all patches are in",
    check: "patches",
  },
  {
    id: "base-images",
    unproven: "base images",
    proof:
      "`npm run pin-base-images` writes two digests; the build's log says `[context frappe/build:version-15]` with them",
  },
  {
    id: "registry",
    unproven: "push to Artifact Registry",
    proof: "the image is there; a changed `image/` under the same tag is refused; `erpnext.build: false` reads it back",
  },
  {
    id: "vm-boot",
    unproven: "VM boot",
    proof: "the serial port shows `host/bootstrap.sh` to its end; a reboot converges again by itself",
    check: "server-steps",
    byHand: "a reboot converges again by itself",
  },
  {
    id: "secret-manager",
    unproven: "Secret Manager",
    proof:
      "step `secrets` is done with the VM's own identity; a rotated secret reaches the server with the next update",
    check: "server-steps",
    byHand: "a rotated secret reaches the server with the next update",
  },
  {
    id: "containers",
    unproven: "Compose, database, workers",
    proof:
      "steps `containers` to `workers` are done with the digests of `host/compose.yaml`, which no registry was asked for; the redis queue keeps a job over a restart",
    check: "workers",
    byHand: "the redis queue keeps a job over a restart",
  },
  {
    id: "state-secrets",
    unproven: "what providers write into the state",
    proof:
      "`pulumi stack export -s acme` has none of the values of `pulumi config --show-secrets`: the Worker's bindings are secret because the provider says so",
  },
  {
    id: "site",
    unproven: "the site",
    proof: "step `site` is done; accounts have the names that the customer's file says",
    check: "server-steps",
    byHand: "accounts have the names that the customer's file says",
  },
  {
    id: "acme",
    unproven: "ACME",
    proof: "step `door` is done with the staging certificate; a production customer gets a trusted one",
    check: "hook-certificate",
    byHand: "a production customer gets a trusted one",
  },
  {
    id: "tunnel-access",
    unproven: "cloudflared and Access",
    proof: "`uiUrl` asks for a login; without a token it lets no one through; realtime updates work in ERPNext",
    check: "ui-refuses",
    byHand: "realtime updates work in ERPNext",
  },
  {
    id: "sync-console",
    unproven: "Worker, D1 and schedule",
    proof:
      "each minute a scan goes on; `consoleUrl` asks for a login and shows its page behind it; a second `pulumi up` uploads nothing",
    check: "console-scans",
    byHand: "`consoleUrl` asks for a login and shows its page behind it; a second `pulumi up` uploads nothing",
  },
  {
    id: "shopify-admin",
    unproven: "real Shopify, Admin API",
    proof: "five subscriptions; one deleted by hand is shown by `pulumi refresh` and made again by `pulumi up`",
    check: "subscriptions",
    byHand: "one deleted by hand is shown by `pulumi refresh` and made again by `pulumi up`",
  },
  {
    id: "shopify-deliveries",
    unproven: "real Shopify, deliveries",
    proof: "an order becomes a Sales Order; paid, fulfilled and cancelled as in the golden matrix of the demo",
    check: "deliveries-arrive",
    byHand: "paid, fulfilled and cancelled as in the golden matrix of the demo",
  },
  {
    id: "pubsub",
    unproven: "real Shopify, Pub/Sub",
    proof:
      "with `delivery: pubsub`: Google takes the grant to Shopify's publisher, an order arrives, `doctor` counts its signature as right; with the server stopped for an hour the orders of that hour arrive too",
    check: "deliveries-pubsub",
    byHand: "with the server stopped for an hour the orders of that hour arrive too",
  },
  {
    id: "daily-tokens",
    unproven: "24-hour tokens",
    proof: "with `app: dev-dashboard`: a day later the connector still imports a product",
    check: "token-age",
    byHand: "a day later the connector still imports a product",
  },
  {
    id: "migration",
    unproven: "migration and its way back",
    proof: "a new tag upgrades; an image that fails to migrate brings the old one and its data back",
  },
  {
    id: "metadata-wall",
    unproven: "the wall before the metadata server",
    proof:
      "`sudo docker compose exec backend curl -m 5 http://169.254.169.254/` is refused and names still resolve, also after a reboot and after `systemctl restart docker`",
  },
  {
    id: "door-limits",
    unproven: "the door before real networks",
    proof:
      "during `pulumi up` with a new tag Shopify's deliveries are answered 503 within a second and arrive later; the log of caddy names each by its webhook id",
    check: "hook-https",
    byHand:
      "during `pulumi up` with a new tag Shopify's deliveries are answered 503 within a second and arrive later; the log of caddy names each by its webhook id",
  },
  {
    id: "queues",
    unproven: "queues and the old migration on real RQ",
    proof:
      "`facts.queues` in `/healthz` has a worker for each queue; with `is_old_data_migrated` set to 0 and the setting saved once, `oldMigrationsCured` grows within a minute and other jobs run on",
    check: "queue",
    byHand:
      "with `is_old_data_migrated` set to 0 and the setting saved once, `oldMigrationsCured` grows within a minute and other jobs run on",
  },
  {
    id: "automation-roles",
    unproven: "the automation user's rights",
    proof: "the first `pulumi up` makes every fixture and checks every account without a 403",
    check: "automation-user",
  },
  {
    id: "fiscal-years",
    unproven: "old orders' fiscal years",
    proof: "ERPNext lists one for each year back to `sync.history.from`, and an order of the first of them is imported",
    check: "fiscal-years",
    byHand: "an order of the first of them is imported",
  },
  {
    id: "restart-of-frontend",
    unproven: "nginx after another backend",
    proof: "after `sudo docker compose up -d --force-recreate backend` the site answers within a minute",
  },
  {
    id: "backups",
    unproven: "backups",
    proof: "the nightly set has a manifest; `host/restore.sh` brings it into another test customer's site",
    check: "restore-proof",
    byHand: "`host/restore.sh` brings it into another test customer's site",
  },
  {
    id: "monitoring",
    unproven: "monitoring",
    proof: "with Caddy stopped, mail comes within an hour",
  },
  {
    id: "destroy",
    unproven: "last backup and destroy",
    proof: "`pulumi destroy` makes it and leaves nothing in the three consoles",
  },
  {
    id: "macos",
    unproven: "macOS",
    proof: "`npm run setup` and `pulumi preview` on a Mac",
  },
];
