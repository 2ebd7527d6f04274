const ONES = ['نۆل', 'بىر', 'ئىككى', 'ئۈچ', 'تۆت', 'بەش', 'ئالتە', 'يەتتە', 'سەككىز', 'توققۇز'] as const;
const TENS = ['ئون', 'يىگىرمە', 'ئوتتۇز', 'قىرىق', 'ئەللىك', 'ئاتمىش', 'يەتمىش', 'سەكسەن', 'توقسان'] as const;

/** Machine-drafted; not yet signed off by a native reader. */
export const UG_NUMBERS = {
  ...Object.fromEntries(ONES.map((text, i) => [`n.${i}`, text])),
  ...Object.fromEntries(TENS.map((text, i) => [`n.${(i + 1) * 10}`, text])),
  'n.hundred': 'يۈز',
  'n.thousand': 'مىڭ',
  'u.yuan': 'يۈەن',
  'u.mo': 'مو',
  'u.pung': 'پۇڭ',
};

/** 0 ≤ fen < 10⁶ yuan. A single hundred or thousand has no "one" before it. */
export function spellUg(fen: number): readonly string[] {
  const yuan = Math.floor(fen / 100);
  const [mo, pung] = [Math.floor(fen / 10) % 10, fen % 10];
  const parts: string[] = [];
  if (yuan > 0 || fen === 0) parts.push(...(yuan === 0 ? ['n.0'] : whole(yuan)), 'u.yuan');
  if (mo > 0) parts.push(`n.${mo}`, 'u.mo');
  if (pung > 0) parts.push(`n.${pung}`, 'u.pung');
  return parts;
}

/** Nothing for 0. */
function whole(n: number): string[] {
  for (const [worth, unit] of [
    [1000, 'n.thousand'],
    [100, 'n.hundred'],
  ] as const) {
    if (n < worth) continue;
    const times = Math.floor(n / worth);
    return [...(times === 1 ? [] : whole(times)), unit, ...whole(n % worth)];
  }
  return [n - (n % 10), n % 10].filter((part) => part > 0).map((part) => `n.${part}`);
}
