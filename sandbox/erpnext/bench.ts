import { installApp, installFrappe } from "./fixtures";
import type { ErpnextStandIn } from "./index";

/** `bench new-site` in an empty database: Frappe's own documents, with the Administrator's password. */
export function benchInstallFrappe(standIn: Pick<ErpnextStandIn, "begin">, administratorPassword: string): void {
  const tx = standIn.begin();
  installFrappe(tx, administratorPassword);
  tx.commit();
}

/** `bench install-app`: what the app brings. */
export function benchInstallApp(standIn: Pick<ErpnextStandIn, "begin">, app: string): void {
  const tx = standIn.begin();
  installApp(tx, app);
  tx.commit();
}
