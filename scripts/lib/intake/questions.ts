import type { Chapter, Question } from "./question";
import { ACCOUNTING, COMPANY, CUSTOMER, SHOPIFY, SYNC } from "./questions-books";
import { CLOUDFLARE, GOOGLE, HOSTS, IMAGE, PEOPLE } from "./questions-clouds";

/** Every question, in the order of the playbook's part 01, but for what later answers are checked against. */
export const CHAPTERS: readonly Chapter[] = [
  CUSTOMER,
  SHOPIFY,
  COMPANY,
  ACCOUNTING,
  SYNC,
  IMAGE,
  CLOUDFLARE,
  HOSTS,
  GOOGLE,
  PEOPLE,
];

export const QUESTIONS: readonly Question[] = CHAPTERS.flatMap(({ questions }) => questions);
