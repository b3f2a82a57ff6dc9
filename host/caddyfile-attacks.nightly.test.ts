import { toolOnPath } from "./test/caddy";
import { sendSlowly } from "./test/slow-callers";

/** Shown instead of the tests where Caddy is missing; `toolOnPath` makes that a failure in CI. */
const withCaddy = toolOnPath("caddy") === undefined ? describe.skip : describe;

withCaddy("the webhook door before callers who are slow", () => {
  it("gives up on a client that sends headers or a body byte by byte, or nothing at all, before Shopify would be refused", async () => {
    const { headersMs, bodyMs, silentMs } = await sendSlowly({
      timeouts: { read_header: "5s", read_body: "10s" },
      pauseMs: 300,
    });
    expect(headersMs).toBeLessThan(7_000);
    expect(bodyMs).toBeLessThan(13_000);
    expect(silentMs).toBeLessThan(13_000);
  }, 60_000);
});
