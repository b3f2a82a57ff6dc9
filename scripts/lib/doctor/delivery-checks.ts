import { DELIVERY_LATE_SECONDS, type ServerFacts } from "../../../clients/server-facts";
import { check, type Facts } from "./check";
import { bad, ok, skipped, warn, type Finding } from "./finding";

/** Fewer forged deliveries a day are scanners, a self-test and this doctor. */
const FORGED_FEW = 50;
/** So many a day cost the server work, whoever sends them. */
const FORGED_FLOOD = 10_000;

type Judged = Pick<Facts, "reported" | "customer">;
type Deliveries = NonNullable<ServerFacts["deliveries"]>;

function of({ reported }: Judged, judge: (deliveries: Deliveries) => Finding): Finding {
  return reported.deliveries === undefined
    ? skipped("the server does not report its deliveries yet")
    : judge(reported.deliveries);
}

export function judgeWaiting(facts: Judged): Finding {
  return of(facts, ({ waiting, oldestWaitingSeconds, paused }) => {
    const oldest = oldestWaitingSeconds ?? 0;
    const reason = paused === null ? "" : `; nothing is given to ERPNext while there is a ${paused}`;
    const saw = `${waiting} wait${waiting === 0 ? "" : `, the oldest for ${oldest} s`}${reason}`;
    const next = `run "./stack deliveries ${facts.customer.slug}", and look at docker compose logs deliveries-forwarder on the server`;
    if (oldest > DELIVERY_LATE_SECONDS) return bad(saw, next);
    return paused === null ? ok(saw) : warn(saw, "look again when it is over");
  });
}

export function judgeFailed(facts: Judged): Finding {
  const { slug } = facts.customer;
  return of(facts, ({ failed, parked }) => {
    if (failed > 0) {
      return bad(
        `ERPNext refused ${failed} for good`,
        `run "./stack deliveries ${slug}", correct what the connector names, then "./stack deliveries ${slug} --replay --apply"`,
      );
    }
    if (parked === 0) return ok("none was refused by ERPNext");
    return warn(
      `ERPNext refused ${parked}, which are given to it again by themselves`,
      `run "./stack deliveries ${slug}", and correct what the connector names`,
    );
  });
}

export function judgeForged(facts: Judged): Finding {
  return of(facts, ({ forgedLastDay: forged, acceptedLastDay: accepted }) => {
    const saw = `${forged} of ${forged + accepted} deliveries of 24 hours had a wrong signature`;
    if (forged > FORGED_FEW && accepted === 0) {
      const next = `run "./stack hmac ${facts.customer.slug} --capture": the server may not have the secret that Shopify signs with`;
      return bad(`${saw}, and none a right one`, next);
    }
    if (forged > FORGED_FLOOD) return warn(saw, "look at the addresses in docker compose logs caddy on the server");
    return ok(saw);
  });
}

export const DELIVERY_CHECKS = [
  check({
    id: "deliveries-waiting",
    group: "server",
    title: "deliveries reach ERPNext in time",
    looksAt: "the oldest delivery that waits, in /healthz",
    why: "Shopify was told 200 for every delivery that waits there.",
    from: ["reported", "customer"],
    judge: judgeWaiting,
  }),
  check({
    id: "deliveries-failed",
    group: "server",
    title: "ERPNext takes every delivery",
    looksAt: "parked and failed deliveries in /healthz",
    why: "An order that ERPNext refuses for good is kept for 30 days and then gone.",
    from: ["reported", "customer"],
    judge: judgeFailed,
  }),
  check({
    id: "deliveries-forged",
    group: "server",
    title: "deliveries have a right signature",
    looksAt: "deliveries refused for their signature, in /healthz",
    why: "With a wrong secret every order of Shopify's looks forged, and it drops the subscriptions after four hours.",
    from: ["reported", "customer"],
    judge: judgeForged,
  }),
];
