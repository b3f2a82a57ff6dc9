import type { z } from "zod";

import { customerSchema } from "../../../customers/schema";
import { schemaAt } from "../../../customers/sections";
import { answerAt, type Answers, type Path } from "./answers";
import type { CloudflareZone } from "./check-cloudflare";
import type { ShopSeen } from "./check-shopify";

/** What was answered, and what the services said meanwhile. */
export interface Known {
  readonly answers: Answers;
  readonly shop?: ShopSeen | undefined;
  readonly zones?: readonly CloudflareZone[] | undefined;
}

export interface Choice {
  readonly name: string;
  readonly value: unknown;
}

/**
 * text, number, flag: one value. list: several, separated by commas. choice: one of few. taxes: Shopify's tax titles, each
 * with its account. gateways: the shop's payment gateways, each with its account. app: a git repository and a branch. derived: follows from other answers and is not asked.
 */
export type Form = "text" | "number" | "flag" | "list" | "choice" | "taxes" | "gateways" | "app" | "derived";

/** One question of the intake. What it is about is the field's own description in customers/schema.ts. */
export interface Question {
  readonly path: Path;
  readonly form: Form;
  /** Why it is asked. */
  readonly why: string;
  readonly asked?: (known: Known) => boolean;
  /** A proposal, or with form "derived" the answer. Without one the schema's own default is proposed. */
  readonly proposes?: (known: Known) => unknown;
  readonly choices?: readonly Choice[];
  /** Whether nothing is an answer too. */
  readonly optional?: true;
}

/** A run of questions, and the credentials that are asked for and tried out after it. */
export interface Chapter {
  readonly title: string;
  /** Service whose credentials come before the questions ("before") or after them ("after"). */
  readonly credentials?: { readonly of: "shopify" | "cloudflare"; readonly when: "before" | "after" };
  readonly questions: readonly Question[];
}

/** An answer that is a text; empty where there is none. */
export function textAt(known: Known, ...path: Path): string {
  const value = answerAt(known.answers, path);
  return typeof value === "string" ? value : "";
}

export function isTest(known: Known): boolean {
  return textAt(known, "environment") === "test";
}

/** Whether our app books the orders, so that there is more to choose. */
export function hasBooksApp(known: Known): boolean {
  return answerAt(known.answers, ["erpnext", "booksApp"]) === true;
}

/** The schema's own default of a field, if it has one. */
export function defaultOf(path: Path): unknown {
  const parsed = (schemaAt(customerSchema, path) as z.ZodType | undefined)?.safeParse(undefined);
  return parsed?.success === true ? parsed.data : undefined;
}
