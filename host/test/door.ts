import { MAX_DELIVERY_BYTES } from "../../core/delivery-limit";
import { startCaddy, type RunningCaddy } from "./caddy";

export const HOOK = "hooks.acme.example";
export const SITE = "erp.acme.example";
export const WEBHOOK = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";

/** The webhook door of host/Caddyfile, as it stands or edited, before receivers (each host:port), the first of which is the health server too. */
export function startDoor(receivers: string, edit?: (text: string) => string): Promise<RunningCaddy> {
  const environment = {
    CADDY_GLOBAL: "local_certs\nskip_install_trust",
    HOOK_HOST: HOOK,
    MAX_DELIVERY_BYTES: String(MAX_DELIVERY_BYTES),
    RECEIVERS: receivers,
    HEALTH: receivers.split(" ")[0] ?? "",
  };
  return startCaddy("Caddyfile", environment, edit);
}
