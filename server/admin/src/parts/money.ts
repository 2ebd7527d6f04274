/** Of a fact or a total by its name: amounts are in fen and are called `…Fen`; the others are numbers of things. */
export const isMoney = (name: string): boolean => /fen$/i.test(name);

/** `12.34` as fen; undefined where it is no amount. */
export function fenOf(yuan: string): number | undefined {
  const found = /^(\d{1,8})(?:\.(\d{1,2}))?$/u.exec(yuan.trim());
  if (found === null) return undefined;
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
}

/** Fen as they are typed: `12.34`. */
export const yuanOf = (fen: number): string => (fen / 100).toFixed(2);
