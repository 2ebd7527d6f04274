/** Stands where something was taken out. */
export const REMOVED = '…';

const ADDRESS = /^(https?|mongodb(?:\+srv)?|rediss?|tcp|tls|wss?):\/\/(?:[^]*@)?([^/?#]*)([/?#][^]*)?$/iu;
/** One or more, each with its port. */
const HOSTS =
  /^(?:[a-z\d.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:,(?:[a-z\d.-]+|\[[\da-f:.]+\])(?::\d{1,5})?)*$/iu;

/** Scheme, host and port: a path may be a payment's, and before the host may stand a password. */
export function withoutPath(url: string): string {
  const [, scheme, host = '', path = ''] = ADDRESS.exec(url) ?? [];
  if (scheme === undefined || !HOSTS.test(host))
    return `${/^[a-z][a-z\d+.-]*/iu.exec(url)?.[0] ?? ''}://${REMOVED}`;
  return `${scheme}://${host}${path === '' ? '' : `/${REMOVED}`}`;
}
