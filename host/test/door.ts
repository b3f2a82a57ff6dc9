import { startCaddy, type RunningCaddy } from "./caddy";

export const HOOK = "hooks.acme.example";
export const SITE = "erp.acme.example";
export const WEBHOOK = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";

/** The webhook door of host/Caddyfile, as it stands or edited, before a site and a health server at one address (host:port). */
export function startDoor(upstream: string, edit?: (text: string) => string): Promise<RunningCaddy> {
  const environment = {
    CADDY_GLOBAL: "local_certs\nskip_install_trust",
    HOOK_HOST: HOOK,
    SITE_NAME: SITE,
    FRONTEND: upstream,
    HEALTH: upstream,
  };
  return startCaddy("Caddyfile", environment, edit);
}
