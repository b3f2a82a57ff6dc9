import * as pulumi from "@pulumi/pulumi";

import { readEndpoints, type Endpoints } from "./endpoints";
import { demoCustomer } from "./testing/demo-customer";

const KEYS = ["shopifyApiUrl", "frappeApiUrl", "hookUrl"] as const satisfies readonly (keyof Endpoints)[];
const CUSTOMER = demoCustomer();

function read(config: Record<string, string>): Endpoints {
  pulumi.runtime.setAllConfig(config);
  return readEndpoints(CUSTOMER, new pulumi.Config("erpnext"));
}

test("without configuration nothing is overridden", () => {
  expect(read({})).toEqual({ shopifyApiUrl: undefined, frappeApiUrl: undefined, hookUrl: undefined });
});

test("each key overrides its own service", () => {
  const config = Object.fromEntries(KEYS.map((key, index) => [`erpnext:${key}`, `http://127.0.0.1:${8000 + index}`]));
  expect(read(config)).toEqual({
    shopifyApiUrl: "http://127.0.0.1:8000",
    frappeApiUrl: "http://127.0.0.1:8001",
    hookUrl: "http://127.0.0.1:8002",
  });
});

test.each([
  ["https://127.0.0.1:8443", "https://127.0.0.1:8443"],
  ["https://127.0.0.1:8443/", "https://127.0.0.1:8443"],
  ["http://[::1]:8080", "http://[::1]:8080"],
  ["https://hooks.example.com", "https://hooks.example.com"],
  ["https://hooks.example.com:443", "https://hooks.example.com"],
  ["HTTPS://Hooks.Example.com", "https://hooks.example.com"],
])("%s is taken as %s", (value, origin) => {
  expect(read({ "erpnext:hookUrl": value }).hookUrl).toBe(origin);
});

describe.each(KEYS)("%s", (key) => {
  test.each([
    "",
    "hooks.example.com",
    "127.0.0.1:8443",
    "ftp://hooks.example.com",
    "file:///etc/passwd",
    "https://hooks.example.com/healthz",
    "https://hooks.example.com?x=1",
    "https://hooks.example.com#x",
    "https://",
  ])("refuses %j", (value) => {
    expect(() => read({ [`erpnext:${key}`]: value })).toThrow(
      new Error(
        `"${key}" is "${value}", not an address of the form scheme://host[:port] for customer "demo-store": run "pulumi config set ${key} https://127.0.0.1:8443 -s demo-store" with the right address, or "pulumi config rm ${key} -s demo-store".`,
      ),
    );
  });
});

test("refuses a password in an address, and does not show it", () => {
  expect(() => read({ "erpnext:hookUrl": "https://user:word@hooks.example.com" })).toThrow(
    '"hookUrl" is "https://[secret]@hooks.example.com", not an address of the form scheme://host[:port]',
  );
});
