/** An address to put a path after: without the slash that it may end with. */
export function siteUrl(url: string): string {
  return url.replace(/\/+$/u, '');
}

/** Where people open the console: of links that lead into it. */
export function consoleUrl(at: {
  readonly PUBLIC_URL: string;
  readonly ADMIN_ORIGIN?: string | undefined;
}): string {
  return siteUrl(at.ADMIN_ORIGIN ?? at.PUBLIC_URL);
}
