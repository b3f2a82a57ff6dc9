import type { ConnectorEvent } from "../../../core/connector";

/** An order of a test run, as ERPNext and an operator know it. */
export interface DrivenOrder {
  /** Shopify's numeric id: ERPNext's `shopify_order_id`. */
  readonly id: string;
  /** For example "#1001". */
  readonly name: string;
}

/** An order that the merchant has archived. */
export interface ArchivedOrder extends DrivenOrder {
  readonly createdAt: Date;
}

/** What was done with something that a run made. */
export interface Tidied {
  readonly done: readonly string[];
  /** What is still there, each with what to do about it. */
  readonly left: readonly string[];
}

/**
 * Who lets things happen to orders. Whatever drives, ERPNext is checked in the same way afterwards.
 * Each step ends once it has happened at Shopify, or once the door has taken its delivery. What is thrown fails the row.
 */
export interface Drive {
  /** How it is called on the command line and in the report. */
  readonly name: string;
  /** Places an unpaid order of so many pieces of one product. */
  place(quantity: number): Promise<DrivenOrder>;
  pay(order: DrivenOrder): Promise<void>;
  /** Ships so many pieces. */
  ship(order: DrivenOrder, quantity: number): Promise<void>;
  cancel(order: DrivenOrder): Promise<void>;
  /** An order that is archived in Shopify; undefined where there is none and none can be made. */
  archived(candidate: DrivenOrder | undefined): Promise<ArchivedOrder | undefined>;
  /** What the sender saw of the step that brought about an event, for example `answered HTTP 200`. */
  proof(event: ConnectorEvent, order: DrivenOrder): string;
  /** Takes away what it made at Shopify. */
  tidy(): Promise<Tidied>;
}
