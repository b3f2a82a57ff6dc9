import * as pulumi from "@pulumi/pulumi";

import type { Customer } from "../customers/schema";
import { FrappeDocument } from "./providers/frappe-document";
import { booksSettings } from "./shared/books-settings";
import { ledgersOf } from "./shared/ledgers";
import { type BooksFacts, shopifyBooksValues } from "./shared/shopify-books";
import type { ManagedSubscription } from "../core/connector";
import {
  type ConnectorFacts,
  shopifySettingSecrets,
  shopifySettingValues,
  webhookRows,
} from "./shared/shopify-setting";

/** What the connector in ERPNext works with, and how ERPNext is reached. */
export interface ConnectorSettingsArgs {
  /** The customer's answers. */
  readonly customer: ConnectorFacts & BooksFacts & Pick<Customer, "slug" | "erpnext">;
  /** Address of ERPNext's pages, https. */
  readonly siteUrl: string;
  /** Base address of ERPNext's REST API. Default: `siteUrl`. */
  readonly apiUrl?: string;
  /** Service token that passes Cloudflare Access, where it stands before ERPNext. */
  readonly accessClientId?: pulumi.Input<string>;
  /** The token's other half; secret. */
  readonly accessClientSecret?: pulumi.Input<string>;
  /** The subscriptions of this stack, at least one, so that the connector never registers its own. */
  readonly subscriptions: pulumi.Input<readonly ManagedSubscription[]>;
  /** The machine ERPNext runs on: when it goes, its documents go with it, and nothing asks it to delete them. */
  readonly server: pulumi.Resource;
}

/** One ERPNext document, without what all of this component's documents share. */
interface SiteDocument {
  /** Resource name. */
  readonly name: string;
  readonly doctype: string;
  readonly documentName: string;
  readonly values: Record<string, unknown>;
  /** Field to the stack config key that holds its value. */
  readonly secretValues?: Record<string, string>;
  readonly single?: boolean;
  /** Create when missing, otherwise leave untouched and compare nothing. */
  readonly ifAbsent?: boolean;
  /** Never write: the document must exist and carry the values. */
  readonly expect?: boolean;
  /** Documents that must stand before this one. */
  readonly after?: readonly pulumi.Resource[];
}

/**
 * The connector's settings and the documents they point at. Fixtures are made where they are missing and otherwise left as
 * the merchant has them; ledgers are only checked; what of ERPNext's own settings changes an order's money is set; then Shopify Setting is saved once, complete and enabled: a save while
 * disabled, or without webhook rows, makes the connector delete or register subscriptions by itself.
 */
export class ConnectorSettings extends pulumi.ComponentResource {
  /** Id of the document Shopify Setting; once it is known, the connector is enabled. */
  readonly settingId: pulumi.Output<string>;

  constructor(name: string, args: ConnectorSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:frappe:ConnectorSettings", name, {}, opts);

    const fixtures = this.fixtures(name, args);
    const ledgers = this.ledgers(name, args);
    const books = booksSettings(args.customer).map(({ doctype, documentName, single, values }) =>
      this.document(args, {
        name: `${name}-books-${documentName}`,
        doctype,
        documentName,
        values,
        ...(single ? { single } : {}),
      }),
    );
    const app = args.customer.erpnext.booksApp ? [this.booksApp(name, args, ledgers)] : [];
    const setting = this.document(args, {
      name: `${name}-shopify-setting`,
      doctype: "Shopify Setting",
      documentName: "Shopify Setting",
      single: true,
      values: {
        ...shopifySettingValues(args.customer),
        webhooks: pulumi.output(args.subscriptions).apply(webhookRows),
      },
      secretValues: shopifySettingSecrets(args.customer.shopify.app),
      after: [...fixtures, ...ledgers, ...books, ...app],
    });

    this.settingId = setting.id;
    this.registerOutputs({ settingId: this.settingId });
  }

  /** What the setting links to, or an order needs, and the setup wizard does not make for every country. */
  private fixtures(name: string, args: ConnectorSettingsArgs): FrappeDocument[] {
    const { company, accounting } = args.customer;
    const customerGroup = this.document(args, {
      name: `${name}-customer-group`,
      doctype: "Customer Group",
      documentName: accounting.customerGroup,
      values: {
        customer_group_name: accounting.customerGroup,
        parent_customer_group: "All Customer Groups",
        is_group: 0,
      },
      ifAbsent: true,
    });
    const others = [
      {
        // No template and no is_default: Frappe then fills in its own text and leaves the present default alone.
        name: `${name}-address-template`,
        doctype: "Address Template",
        documentName: company.country,
        values: { country: company.country },
      },
      { name: `${name}-uom-kg`, ...unitOfMeasure("Kg", { whole: false }) },
      { name: `${name}-uom-nos`, ...unitOfMeasure("Nos", { whole: true }) },
      {
        name: `${name}-warehouse`,
        doctype: "Warehouse",
        documentName: accounting.warehouse,
        values: {
          warehouse_name: withoutSuffix(accounting.warehouse, company.abbreviation),
          company: company.legalName,
        },
      },
      {
        name: `${name}-default-customer`,
        doctype: "Customer",
        documentName: accounting.defaultCustomer,
        values: {
          customer_name: accounting.defaultCustomer,
          customer_type: "Individual",
          customer_group: accounting.customerGroup,
          territory: "All Territories",
        },
        after: [customerGroup],
      },
    ];
    return [customerGroup, ...others.map((fixture) => this.document(args, { ...fixture, ifAbsent: true }))];
  }

  /**
   * Every ledger the setting names must be one that ERPNext posts to: a leaf of this company, in use and in its currency. GL Entry
   * refuses any other, and a paid order ends without its Payment Entry.
   */
  private ledgers(name: string, args: ConnectorSettingsArgs): FrappeDocument[] {
    const { company } = args.customer;
    return ledgersOf(args.customer).map(({ doctype, name: documentName, rootType }) =>
      this.document(args, {
        name: doctype === "Cost Center" ? `${name}-cost-center` : `${name}-account-${documentName}`,
        doctype,
        documentName,
        values: {
          company: company.legalName,
          is_group: 0,
          disabled: 0,
          ...(doctype === "Account" ? { account_currency: company.currency } : {}),
          ...(rootType === undefined ? {} : { root_type: rootType }),
        },
        expect: true,
      }),
    );
  }

  /** What our app in the image books by; an image without it has no such document, and the update says so. */
  private booksApp(name: string, args: ConnectorSettingsArgs, after: readonly pulumi.Resource[]): FrappeDocument {
    const doctype = "Shopify Books Setting";
    const values = shopifyBooksValues(args.customer);
    return this.document(args, {
      name: `${name}-shopify-books-setting`,
      doctype,
      documentName: doctype,
      single: true,
      values,
      after,
    });
  }

  /** A document of the customer's site. */
  private document(args: ConnectorSettingsArgs, { name, after = [], ...document }: SiteDocument): FrappeDocument {
    return new FrappeDocument(
      name,
      {
        ...document,
        customer: args.customer.slug,
        siteUrl: args.siteUrl,
        ...(args.apiUrl === undefined ? {} : { apiUrl: args.apiUrl }),
        ...(args.accessClientId === undefined ? {} : { accessClientId: args.accessClientId }),
        ...(args.accessClientSecret === undefined ? {} : { accessClientSecret: args.accessClientSecret }),
      },
      { parent: this, dependsOn: [...after], deletedWith: args.server },
    );
  }
}

function unitOfMeasure(
  unit: string,
  { whole }: { whole: boolean },
): Pick<SiteDocument, "doctype" | "documentName" | "values"> {
  return { doctype: "UOM", documentName: unit, values: { uom_name: unit, must_be_whole_number: whole ? 1 : 0 } };
}

/** ERPNext names a warehouse "<warehouse_name> - <abbreviation>"; the schema takes no other name. */
function withoutSuffix(warehouse: string, abbreviation: string): string {
  return warehouse.slice(0, -` - ${abbreviation}`.length);
}
