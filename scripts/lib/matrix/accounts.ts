import type { FrappeClient } from "../../../clients/frappe";
import { amountOf, type Amount } from "../../../reconciliation/amount";

/** Accounts whose balance is credit less debit: what is owed or earned. All others are money. */
const OWED = /^(?:VAT|gift cards|tips|duties|fees|income|shipping)/;

/** Fields of Shopify Books Setting. */
const FIELDS: Readonly<Record<string, string>> = {
  income: "income_account",
  "gift cards": "gift_card_account",
  tips: "tip_account",
  duties: "duties_account",
  fees: "fees_account",
};

/** How many vouchers are asked of at a time: the address stays below the 4,094 bytes that gunicorn reads. */
const VOUCHERS = 50;

type Row = Readonly<Record<string, unknown>>;

/** What a kind calls an account, by the names of the site's own, as the connector's and our app's settings have them. */
export class Roles {
  private constructor(
    private readonly shopify: Row,
    private readonly books: Row,
  ) {}

  /** Undefined on a site without our app, whose payments do not say which order they are of. */
  static async of(site: FrappeClient): Promise<Roles | undefined> {
    const [shopify, books] = ["Shopify Setting", "Shopify Books Setting"].map((name) => site.get(name, name));
    const own = await books;
    return own === undefined ? undefined : new Roles((await shopify) ?? {}, own);
  }

  /** @throws Error for a role that the site has no account for */
  account(role: string): string {
    const found = this.find(role);
    if (found !== undefined) return found;
    throw new Error(`the site has no account for "${role}": Shopify Books Setting or Shopify Setting must name one`);
  }

  find(role: string): string | undefined {
    const found = this.#rate(role) ?? this.#gateway(role) ?? this.#field(role);
    return typeof found === "string" && found !== "" ? found : undefined;
  }

  #rate(role: string): unknown {
    const rate = /^VAT (\d+)$/.exec(role)?.[1];
    if (rate === undefined) return undefined;
    const row = rows(this.books["tax_accounts"]).find(
      (one) => one["title"] === "VAT" && Number(one["rate"]) === Number(rate),
    );
    return row?.["account"] ?? this.shopify["default_sales_tax_account"];
  }

  #gateway(role: string): unknown {
    return rows(this.books["payment_accounts"]).find((one) => one["gateway"] === role)?.["account"];
  }

  #field(role: string): unknown {
    const own = this.books[FIELDS[role] ?? ""];
    if (own !== undefined && own !== "") return own;
    return role === "money" ? this.shopify["cash_bank_account"] : this.shopify["default_shipping_charges_account"];
  }
}

/** What the general ledger has of an order in an account of that role. */
export function balance(entries: readonly Row[], role: string, account: string): Amount {
  const of = entries.filter((entry) => entry["account"] === account);
  const sum = of.reduce((total, { debit, credit }) => total + amountOf(String(debit)) - amountOf(String(credit)), 0n);
  return OWED.test(role) ? -sum : sum;
}

/** The ledger's rows of these documents. */
export async function ledger(site: FrappeClient, vouchers: readonly string[]): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let start = 0; start < vouchers.length; start += VOUCHERS) {
    const some = vouchers.slice(start, start + VOUCHERS);
    found.push(
      ...(await site.list("GL Entry", {
        fields: ["account", "debit", "credit", "voucher_no"],
        filters: [
          ["voucher_no", "in", some],
          ["is_cancelled", "=", 0],
        ],
        limit: 0,
      })),
    );
  }
  return found;
}

function rows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? (value as readonly Row[]) : [];
}
