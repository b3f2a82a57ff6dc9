/** What an answer to someone without a token looks like. */
interface Redirected {
  readonly status: number;
  readonly location: string | undefined;
}

/** The host of Access's login, where an answer leads there; that its name stands anywhere in an address proves nothing. */
export function loginOf({ status, location }: Redirected): string | undefined {
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location)) return undefined;
  const { hostname, pathname } = new URL(location);
  const isAccess = hostname.endsWith(".cloudflareaccess.com") || pathname.startsWith("/cdn-cgi/access/");
  return isAccess ? hostname : undefined;
}
