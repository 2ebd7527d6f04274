/** A store's address without what it is opened by: what a stranger has. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^@/]*@/, '$1');
}
