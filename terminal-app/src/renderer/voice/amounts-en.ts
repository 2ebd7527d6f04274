const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';

export const EN_NUMBERS = {
  ...Object.fromEntries(ONES.split(' ').map((text, i) => [`n.${i}`, text])),
  ...Object.fromEntries(TENS.split(' ').map((text, i) => [`n.${(i + 2) * 10}`, text])),
  'n.hundred': 'hundred',
  'n.thousand': 'thousand',
  'n.and': 'and',
  'u.yuan': 'yuan',
  'u.fen': 'fen',
};

/** 0 ≤ fen < 10⁶ yuan; one hundred and twenty three yuan and fifty fen. */
export function spellEn(fen: number): readonly string[] {
  const [yuan, rest] = [Math.floor(fen / 100), fen % 100];
  const parts: string[] = [];
  if (yuan > 0 || fen === 0) parts.push(...whole(yuan), 'u.yuan');
  if (rest > 0) {
    if (yuan > 0) parts.push('n.and');
    parts.push(...whole(rest), 'u.fen');
  }
  return parts;
}

function whole(n: number): string[] {
  if (n < 20) return [`n.${n}`];
  if (n < 100) return n % 10 === 0 ? [`n.${n}`] : [`n.${n - (n % 10)}`, `n.${n % 10}`];
  const [worth, unit] = n < 1000 ? [100, 'n.hundred'] : [1000, 'n.thousand'];
  const rest = n % worth;
  const parts = [...whole(Math.floor(n / worth)), unit];
  if (rest === 0) return parts;
  return [...parts, ...(rest < 100 ? ['n.and'] : []), ...whole(rest)];
}
