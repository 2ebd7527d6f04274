/** Of a fact or a total by its name: amounts are in fen and are called `…Fen`; the others are numbers of things. */
export const isMoney = (name: string): boolean => /fen$/i.test(name);
