import type { Customer } from "./schema";

/** Whether gaps are closed without a command. In production only where the file says so: it makes documents in the books. */
export function closesGaps({ environment, operations }: Pick<Customer, "environment" | "operations">): boolean {
  return operations.closeGaps ?? environment === "test";
}
