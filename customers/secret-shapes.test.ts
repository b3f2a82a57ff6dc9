import { hasUrlCredentials, isSecretKey, looksLikeSecret, secretOffsets } from "./secret-shapes";

test.each([
  "shpat_0123456789abcdef",
  "my token is shpss_x",
  "shpca_abc",
  `ghp_${"a".repeat(36)}`,
  `github_pat_${"a".repeat(22)}`,
  `glpat-${"a".repeat(20)}`,
  "ya29.a0AfB_byC-xyz",
  "GOCSPX-abcdefghijkl",
  `AIza${"a".repeat(35)}`,
  `cfut_${"a".repeat(40)}`,
  `eyJ${"a".repeat(30)}`,
  "-----BEGIN RSA PRIVATE KEY-----",
  "https://user:password@host.example/",
  "https://token@host.example/",
  "mysql://root:password@db/x",
])("%s looks like a secret", (value) => {
  expect(looksLikeSecret(value)).toBe(true);
});

test.each([
  "demo-store",
  "Demo Store GmbH",
  "the shpat_… token of the app",
  "a static shpat token",
  "ops@agency.example",
  "https://github.com/frappe/erpnext",
  "ssh://git@github.com/frappe/erpnext",
  "git@github.com:frappe/erpnext.git",
  "9a7806061c88ada191ed06f989cc3dac",
  "Umsatzsteuer 19 % - DSG",
])("%s does not", (value) => {
  expect(looksLikeSecret(value)).toBe(false);
});

test.each(["token", "adminToken", "API_SECRET", "databasePassword", "passwd", "apiKey", "api-key", "credentials"])(
  "the key %s announces a secret",
  (key) => {
    expect(isSecretKey(key)).toBe(true);
  },
);

test.each(["slug", "accountId", "zoneId", "access", "console", "key"])("the key %s does not", (key) => {
  expect(isSecretKey(key)).toBe(false);
});

test("credentials in an address are told from a user name alone", () => {
  expect(hasUrlCredentials("HTTPS://token@host.example/")).toBe(true);
  expect(hasUrlCredentials("ssh://git@host.example/")).toBe(false);
  expect(hasUrlCredentials("write to ops@agency.example")).toBe(false);
});

test("finds where secrets start, each once and in order", () => {
  expect(secretOffsets("a: https://u:p@h/\nb: shpat_1 shpss_2\n")).toEqual([3, 21, 29]);
  expect(secretOffsets("nothing here")).toEqual([]);
});
