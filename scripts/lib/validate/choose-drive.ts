import { UserError } from "../../../core/user-error";
import { API_DRIVE_SCOPES } from "./drive-api";

export const DRIVES = ["api", "deliveries", "hand"] as const;

export type DriveName = (typeof DRIVES)[number];

export interface ChosenDrive {
  readonly name: DriveName;
  /** Why this one, and what it does not prove. */
  readonly because: string;
}

const PROVES: Readonly<Record<DriveName, string>> = {
  api: "Shopify makes test orders and delivers them itself: the whole way is proven",
  deliveries:
    "made-up orders are delivered to the door, signed with the app's secret: that Shopify delivers, and signs with this secret, is not proven",
  hand: "someone acts in Shopify's admin: the whole way is proven",
};

/**
 * The drive that was asked for, or the best one that needs no person: the Admin API where the app may write, else own deliveries.
 * @throws UserError where the app's scopes do not allow what was asked for
 */
export function chooseDrive(
  asked: DriveName | undefined,
  { scopes, customer }: { readonly scopes: readonly string[]; readonly customer: string },
): ChosenDrive {
  const missing = API_DRIVE_SCOPES.filter((scope) => !granted(scopes, scope));
  if (asked === "api" && missing.length > 0) {
    throw new UserError({
      what: `the Shopify app lacks the scopes ${missing.join(", ")} that "--drive api" needs`,
      customer,
      next: `add them to the app of this test store and install it again, or take "--drive hand" or "--drive deliveries"`,
    });
  }
  if (asked !== undefined) return { name: asked, because: PROVES[asked] };
  if (missing.length === 0) return { name: "api", because: PROVES.api };
  const because = `${PROVES.deliveries} (the app lacks ${missing.join(", ")} for "--drive api"; "--drive hand" needs none)`;
  return { name: "deliveries", because };
}

/** Shopify lets a `write_` scope read, too. */
function granted(scopes: readonly string[], wanted: string): boolean {
  return scopes.includes(wanted) || scopes.includes(wanted.replace(/^read_/, "write_"));
}
