import type { ServerFacts } from "../../../clients/server-facts";
import { deliveryAddress } from "../../../components/shared/delivery-queue";
import { certificateOf } from "../../../customers/certificate";
import { ageOf, gradeOfDeliveries, gradeOfRefused } from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { dueOrder, type Due } from "./due-order";
import { bad, ok, skipped, warn, type Finding } from "./finding";
import { ofRecent, type Reported } from "./reported";

/** Fewer forged deliveries a day are scanners, a self-test and this doctor. */
const FORGED_FEW = 50;
/** So many a day cost the server work, from any sender. */
const FORGED_FLOOD = 10_000;

/** A pull that waits for a message ends after some 90 s, 180 at most (deliveries/pubsub.py); a puller of ten minutes ago is dead. */
const PULL_LATE_MS = 10 * 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;

type Judged = Reported & Pick<Facts, "customer">;
type Deliveries = NonNullable<ServerFacts["deliveries"]>;

function of(facts: Judged, judge: (deliveries: Deliveries) => Finding): Finding {
  return facts.reported.deliveries === undefined
    ? skipped("the server does not report its deliveries yet")
    : ofRecent(facts, "deliveries", judge);
}

export function judgeWaiting(facts: Judged): Finding {
  return of(facts, ({ waiting, oldestWaitingSeconds, paused }) => {
    const oldest = oldestWaitingSeconds ?? 0;
    const reason = paused === null ? "" : `; nothing is given to ERPNext while there is a ${paused}`;
    const saw = `${waiting} wait${waiting === 0 ? "" : `, the oldest for ${oldest} s`}${reason}`;
    const next = `run "./stack deliveries ${facts.customer.slug}", and look at docker compose logs deliveries-forwarder on the server`;
    if (gradeOfDeliveries(oldest) === "bad") return bad(saw, next);
    return paused === null ? ok(saw) : warn(saw, "look again when it is over");
  });
}

export function judgeFailed(facts: Judged): Finding {
  const { slug } = facts.customer;
  return of(facts, ({ failed, parked }) => {
    const grade = gradeOfRefused({ failed, parked });
    if (grade === "bad") {
      return bad(
        `ERPNext refused ${failed} for good`,
        `run "./stack deliveries ${slug}", correct what the connector names, then "./stack deliveries ${slug} --replay --apply"`,
      );
    }
    if (grade === "good") return ok("none was refused by ERPNext");
    return warn(
      `ERPNext refused ${parked}, which are given to it again by themselves`,
      `run "./stack deliveries ${slug}", and correct what the connector names`,
    );
  });
}

/** Of a small shop a few are all that Shopify sends: beside an order of the same day, forged alone is the wrong secret. */
export function judgeForged(facts: Judged & Due): Finding {
  return of(facts, ({ forgedLastDay: forged, acceptedLastDay: accepted }) => {
    const saw = `${forged} of ${forged + accepted} deliveries of 24 hours had a wrong signature`;
    const due = certificateOf(facts.customer) === "trusted" ? dueOrder(facts) : undefined;
    const isOrdered = due !== undefined && "createdAt" in due && ageOf(due.createdAt, facts.now) < DAY_MS;
    if (accepted === 0 && forged > (isOrdered ? 0 : FORGED_FEW)) {
      const next = `run "./stack hmac ${facts.customer.slug} --capture": the server may not have the secret that Shopify signs with`;
      return bad(`${saw}, and none a right one`, next);
    }
    if (forged > FORGED_FLOOD) return warn(saw, "look at the addresses in docker compose logs caddy on the server");
    return ok(saw);
  });
}

/** What the puller says of Pub/Sub. Who may publish there is the policies' matter; a signature says who did. */
export function judgeBus(facts: Judged): Finding {
  const { customer, reported, now } = facts;
  const { slug } = customer;
  if (customer.shopify.delivery === "https") return skipped("Shopify delivers to the door");
  const next = `run "pulumi up -s ${slug}", and look at docker compose logs deliveries-puller on the server`;
  if (reported.deliveries?.bus === undefined) return bad("the server has not asked Pub/Sub yet", next);
  return ofRecent(facts, "deliveries", ({ bus, paused }) => {
    if (bus === undefined) return bad("the server has not asked Pub/Sub yet", next);
    if (bus.trouble !== null) {
      return bad(`Pub/Sub cannot be pulled: ${bus.trouble}`, `run "pulumi up -s ${slug}", which makes what is missing`);
    }
    // While the site is changed as a whole, nothing is pulled.
    if (paused === null && ageOf(bus.pulledAt ?? undefined, now) > PULL_LATE_MS) {
      return bad(
        bus.pulledAt === null ? "Pub/Sub was never pulled" : `Pub/Sub was last pulled on ${bus.pulledAt}`,
        next,
      );
    }
    return judgeMessages(bus, customer);
  });
}

function judgeMessages(bus: NonNullable<Deliveries["bus"]>, customer: Judged["customer"]): Finding {
  const { slug } = customer;
  const { verified, absent, wrong } = bus.signatures;
  const saw = `${verified} messages with a right signature, ${absent} without one, ${wrong} with a wrong one; ${bus.unacknowledged} are on their way`;
  if (bus.refused > 0) {
    return bad(
      `${saw}; ${bus.refused} are left with Pub/Sub`,
      `compare the app's secret with "./stack hmac ${slug} --capture": they come again by themselves once it is the right one`,
    );
  }
  if (bus.foreign > 0) {
    return warn(
      `${saw}; ${bus.foreign} were of another shop and not taken`,
      `look at who publishes to ${deliveryAddress(customer)}`,
    );
  }
  return ok(saw);
}

export const DELIVERY_CHECKS = [
  check({
    id: "deliveries-waiting",
    group: "server",
    title: "deliveries reach ERPNext in time",
    looksAt: "the oldest delivery that waits, in /healthz",
    why: "Shopify was told 200 for every delivery that waits there.",
    from: ["reported", "customer", "now"],
    judge: judgeWaiting,
  }),
  check({
    id: "deliveries-failed",
    group: "server",
    title: "ERPNext takes every delivery",
    looksAt: "parked and failed deliveries in /healthz",
    why: "An order that ERPNext refuses for good is kept for 30 days and then gone.",
    from: ["reported", "customer", "now"],
    judge: judgeFailed,
  }),
  check({
    id: "deliveries-forged",
    group: "server",
    title: "deliveries have a right signature",
    looksAt: "deliveries refused for their signature, in /healthz",
    why: "With a wrong secret every order of Shopify's looks forged, and it drops the subscriptions after four hours.",
    from: ["reported", "customer", "newestOrder", "subscriptions", "now"],
    judge: judgeForged,
  }),
  check({
    id: "deliveries-pubsub",
    group: "server",
    title: "the server pulls from Pub/Sub",
    looksAt: "what the puller says of Pub/Sub, in /healthz",
    why: "Orders wait in Pub/Sub for 31 days, and no one sees them there.",
    from: ["reported", "customer", "now"],
    judge: judgeBus,
  }),
];
