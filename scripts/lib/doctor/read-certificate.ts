import { isIP } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from "node:tls";

import type { Door } from "../cli/open-customer";
import type { Certificate } from "./door-facts";

/** Looks at the certificate of a host; one that is not trusted is checked all the same. */
export function readCertificate({ url, host }: Door, timeoutMs: number): Promise<Certificate> {
  const name = host.replace(/:\d+$/, "");
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: url.hostname,
      port: url.port === "" ? 443 : Number(url.port),
      rejectUnauthorized: false,
      timeout: timeoutMs,
      ...(isIP(name) === 0 ? { servername: name } : {}),
    });
    socket.once("secureConnect", () => {
      resolve(described(socket, name));
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error(`no TLS within ${timeoutMs / 1000} s`)));
    socket.once("error", reject);
  });
}

function described(socket: TLSSocket, name: string): Certificate {
  const certificate: PeerCertificate = socket.getPeerCertificate();
  const { issuer, valid_from: from, valid_to: to } = certificate;
  return {
    issuer: [issuer.O, issuer.CN].filter((part) => part !== undefined).join(" "),
    validFrom: new Date(from).toISOString(),
    validTo: new Date(to).toISOString(),
    nameFault: checkServerIdentity(name, certificate)?.message,
    trustFault: socket.authorized ? undefined : String(socket.authorizationError),
  };
}
