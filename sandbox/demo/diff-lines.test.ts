import { changedLines, resourceCounts } from "./diff-lines";

/** As Pulumi 3.256 prints a preview of demo-store, shortened. */
const PREVIEW = `Previewing update (demo-store):
@ previewing update....
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:demo-store::erpnext::pulumi:pulumi:Stack::erpnext-demo-store]
    +-gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig: (replace)
        [id=projects/demo-store-erpnext/uptimeCheckConfigs/demo-store-webhook-door-79183441062]
        [urn=urn:pulumi:demo-store::erpnext::erpnext:gcp:ServerMonitoring$gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig::monitoring-healthz]
        [provider=urn:pulumi:demo-store::erpnext::pulumi:providers:gcp::gcp::d3ba9fd3-4c66-4cf8-a816-dc2feb969345]
      ~ monitoredResource: {
          ~ labels: {
              ~ host: "hooks.demo-store.example" => "door.demo-store.example"
            }
        }
    ~ pulumi-nodejs:dynamic/frappe:Document: (update)
        [id=Shopify Setting/Shopify Setting]
        [urn=urn:pulumi:demo-store::erpnext::erpnext:frappe:ConnectorSettings$pulumi-nodejs:dynamic/frappe:Document::settings-shopify-setting]
        accessClientSecret: [secret]
        customer          : "demo-store"
      ~ __provider        : "const { join } = 1" => "const { join } = 2"
      ~ values            : {
            enable_shopify    : 1
          ~ sync_delivery_note: 1 => 0
            taxes             : [
                [0]: {
                    shopify_tax: "VAT"
                }
            ]
          - webhooks          : [
          -     [0]: {
                  - method    : "orders/create"
                }
            ]
          + webhooks          : [unknown]
        }
    - pulumi-nodejs:dynamic/shopify:WebhookSubscription: (delete)
        [id=gid://shopify/WebhookSubscription/1900000000001]
        [urn=urn:pulumi:demo-store::erpnext::erpnext:shopify:ShopifyWebhooks$pulumi-nodejs:dynamic/shopify:WebhookSubscription::webhooks-orders-fulfilled]
        topic     : "ORDERS_FULFILLED"
    --outputs:--
  ~ healthUrl        : "https://hooks.demo-store.example/healthz" => "https://door.demo-store.example/healthz"
Resources:
    ~ 1 to update
    - 1 to delete
    +-1 to replace
    3 changes. 82 unchanged
`;

/** A refresh that finds a subscription gone. */
const REFRESH = `Previewing refresh (demo-store):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:demo-store::erpnext::pulumi:pulumi:Stack::erpnext-demo-store]
        - pulumi-nodejs:dynamic/shopify:WebhookSubscription: (delete)
            [id=gid://shopify/WebhookSubscription/1900000000004]
            [urn=urn:pulumi:demo-store::erpnext::erpnext:shopify:ShopifyWebhooks$pulumi-nodejs:dynamic/shopify:WebhookSubscription::webhooks-orders-paid]
            --outputs:--
          - app             : "custom"
          - topic           : "ORDERS_PAID"
Resources:
    - 1 to delete
    95 unchanged
`;

/** The first preview of all: the stack itself is new, and resources hang below their components. */
const CREATE = `Previewing update (demo-store):
+ pulumi:pulumi:Stack: (create)
    [urn=urn:pulumi:demo-store::erpnext::pulumi:pulumi:Stack::erpnext-demo-store]
    + erpnext:cloudflare:UiTunnel: (create)
        [urn=urn:pulumi:demo-store::erpnext::erpnext:cloudflare:UiTunnel::ui]
        + cloudflare:index/dnsRecord:DnsRecord: (create)
            [urn=urn:pulumi:demo-store::erpnext::erpnext:cloudflare:UiTunnel$cloudflare:index/dnsRecord:DnsRecord::ui-record]
            [provider=urn:pulumi:demo-store::erpnext::pulumi:providers:cloudflare::cloudflare::04da6b54-80e4-46f7-96ec-b56ff0331ba9]
            name     : "erp.demo-store.example"
    + pulumi-nodejs:dynamic/frappe:Document: (create)
        [urn=urn:pulumi:demo-store::erpnext::erpnext:frappe:ConnectorSettings$pulumi-nodejs:dynamic/frappe:Document::settings-account-A::B - DSG]
    --outputs:--
    customer         : "demo-store"
Resources:
    + 4 to create
`;

/** A destroy: images stay in the registry, and the stack goes last, with its outputs. */
const DESTROY = `Previewing destroy (demo-store):
- docker-build:index:Image: (delete[retain])
    [id=sha256:c32e0484911762b20e1befacbf40b9ec7226d958d5b29d0e2cc690d890dc9308]
    [urn=urn:pulumi:demo-store::erpnext::erpnext:image:ErpnextImage$docker-build:index:Image::image-erpnext]
    push       : true
- pulumi:pulumi:Stack: (delete)
    [urn=urn:pulumi:demo-store::erpnext::pulumi:pulumi:Stack::erpnext-demo-store]
    --outputs:--
  - customer         : "demo-store"
Resources:
    - 2 to delete
`;

describe("changedLines", () => {
  test("names each changed resource, and below it what changes, and leaves the stack's outputs and the counts out", () => {
    expect(changedLines(PREVIEW)).toEqual([
      "+- monitoring-healthz (gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig): replace",
      "  ~ monitoredResource: {",
      "      ~ labels: {",
      '          ~ host: "hooks.demo-store.example" => "door.demo-store.example"',
      "~ settings-shopify-setting (pulumi-nodejs:dynamic/frappe:Document): update",
      "  ~ values            : {",
      "      ~ sync_delivery_note: 1 => 0",
      "      - webhooks          : [",
      "      -     [0]: {",
      '              - method    : "orders/create"',
      "      + webhooks          : [unknown]",
      "- webhooks-orders-fulfilled (pulumi-nodejs:dynamic/shopify:WebhookSubscription): delete",
    ]);
  });

  test("of a refresh, shows what was lost, which Pulumi prints as the resource's own outputs", () => {
    expect(changedLines(REFRESH)).toEqual([
      "- webhooks-orders-paid (pulumi-nodejs:dynamic/shopify:WebhookSubscription): delete",
      '  - app             : "custom"',
      '  - topic           : "ORDERS_PAID"',
    ]);
  });

  test("of a first preview, names what is new wherever it hangs, and not the stack", () => {
    expect(changedLines(CREATE)).toEqual([
      "+ ui (erpnext:cloudflare:UiTunnel): create",
      "+ ui-record (cloudflare:index/dnsRecord:DnsRecord): create",
      "+ settings-account-A::B - DSG (pulumi-nodejs:dynamic/frappe:Document): create",
    ]);
  });

  test("of a destroy, names what goes and what stays behind", () => {
    expect(changedLines(DESTROY)).toEqual(["- image-erpnext (docker-build:index:Image): delete[retain]"]);
  });

  test.each(["", "Previewing update (demo-store):\nResources:\n    96 unchanged\n", "error: no stack selected\n"])(
    "there is nothing in %j",
    (text) => {
      expect(changedLines(text)).toEqual([]);
    },
  );
});

describe("resourceCounts", () => {
  test.each([
    ["a preview", PREVIEW, { update: 1, delete: 1, replace: 1, changes: 3 }],
    ["a refresh", REFRESH, { delete: 1, unchanged: 95 }],
    ["a first preview", CREATE, { create: 4 }],
    ["an update", "Resources:\n    + 96 created\n\nDuration: 12s\n", { created: 96 }],
    ["a second update", "Resources:\n    96 unchanged\n\nDuration: 3s\n", { unchanged: 96 }],
    ["a destroy", "Resources:\n    - 96 deleted\n\nDuration: 3s\n", { deleted: 96 }],
    ["the last of two", "Resources:\n    + 1 to create\n\nResources:\n    + 2 created\n", { created: 2 }],
    ["a failure without counts", "error: no stack selected\n", {}],
  ])("of %s", (_title, text, expected) => {
    expect(resourceCounts(text)).toEqual(expected);
  });
});
