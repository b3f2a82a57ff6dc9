/** How the console's host answers someone who is not signed in. */
export type ConsoleAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly location: string | undefined;
      /** Its beginning. */
      readonly text: string;
    }
  /** The host has no address in DNS. */
  | { readonly kind: "no name" };

/** What the console's database says of its scans. Times are RFC 3339. */
export interface ConsoleScans {
  /** When the database was made. */
  readonly madeAt: string | undefined;
  /** When the Worker's schedule ran last; undefined before the first time. */
  readonly ranAt: string | undefined;
  /** When the last scan began that came to its end; undefined before the first has. */
  readonly readUntil: string | undefined;
  /** The scan of everything that is under way: how many orders of how many. */
  readonly building: { readonly ordersDone: number; readonly ordersTotal: number | null } | undefined;
  /** Why the last step ended early, in the console's own words, and how many did one after the other. */
  readonly trouble: { readonly why: string; readonly failures: number } | undefined;
}

/** What the Sync Console looks like from where this runs. */
export interface ConsoleFacts {
  readonly consoleWithout: ConsoleAnswer;
  readonly consoleScans: ConsoleScans;
}
