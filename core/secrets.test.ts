import { hasUrlCredentials, isSecretKey, looksLikeSecret, redact, secretOffsets } from "./secrets";

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
  expect(secretOffsets("a: https://u:p@h/\nb: shpat_1 shpss_2\n")).toEqual([11, 21, 29]);
  expect(secretOffsets("nothing here")).toEqual([]);
});

const ACCESS_SECRET = "0123456789abcdef".repeat(4);

test.each([
  ["a known value", "the password is pa$$w0rd!", "the password is [secret]"],
  ["each of two", "ghp_" + "a".repeat(36) + " and shpat_1", "[secret] and [secret]"],
  ["a server token of GitHub's", `ghs_${"b".repeat(36)}`, "[secret]"],
  ["a token of Cloudflare's", `cfut_${"c".repeat(40)}`, "[secret]"],
  ["the credentials of an address alone", "https://user:pw@host.example/x", "https://[secret]@host.example/x"],
  ["a JSON Web Token whole", `eyJ${"a".repeat(30)}.eyJ${"b".repeat(10)}.sig_-x`, "[secret]"],
  ["a Frappe key", "Authorization: token abcdef1:abcdef2", "Authorization: [secret]"],
  ["an Access client secret", `CF-Access-Client-Secret: ${ACCESS_SECRET}`, "CF-Access-Client-Secret: [secret]"],
  ["an Access client secret as JSON", `{"client_secret":"${ACCESS_SECRET}"}`, '{"client_secret":"[secret]"}'],
  ["a private key", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n.", "[secret]\n."],
  ["a private key that was cut off", "-----BEGIN EC PRIVATE KEY-----\nMII", "[secret]"],
])("masks %s", (_title, text, masked) => {
  expect(redact(text, ["pa$$w0rd!", undefined])).toBe(masked);
});

test.each([
  `sha256:${ACCESS_SECRET}`,
  `applied ${ACCESS_SECRET}`,
  "the shpat_… token",
  "git@github.com:frappe/erpnext.git",
])("leaves %s alone", (text) => {
  expect(redact(text, ["short"])).toBe(text);
});
