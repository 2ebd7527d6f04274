const DIGITS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;

/** Spoken before a unit on its own: 两元, 两百, 两千, 两万, 两角; 二 after a ten or a zero. */
const TWO = 'n.2.liang';

function withUnit(unit: string, worth: number): [string, string][] {
  return DIGITS.slice(1).map((digit, i) => [`n.${(i + 1) * worth}`, `${i === 1 ? '两' : digit}${unit}`]);
}

export const ZH_NUMBERS = {
  ...Object.fromEntries(DIGITS.map((digit, i) => [`n.${i}`, digit])),
  [TWO]: '两',
  ...Object.fromEntries(DIGITS.slice(1).map((digit, i) => [`n.${i + 1}0`, i === 0 ? '十' : `${digit}十`])),
  // Within a longer number: 一百一十.
  'n.10.inner': '一十',
  ...Object.fromEntries(withUnit('百', 100)),
  ...Object.fromEntries(withUnit('千', 1000)),
  'n.wan': '万',
  'u.yuan': '元',
  'u.jiao': '角',
  'u.fen': '分',
};

/** 0 ≤ fen < 10⁸ yuan; 一百二十三元五角, 十元零五分, 两元. */
export function spellZh(fen: number): readonly string[] {
  const yuan = Math.floor(fen / 100);
  const [jiao, rest] = [Math.floor(fen / 10) % 10, fen % 10];
  const parts: string[] = [];
  if (yuan > 0 || fen === 0) parts.push(...whole(yuan), 'u.yuan');
  if (jiao > 0) parts.push(single(jiao), 'u.jiao');
  if (rest > 0) {
    if (yuan > 0 && jiao === 0) parts.push('n.0');
    parts.push(single(rest), 'u.fen');
  }
  return parts;
}

function single(digit: number): string {
  return digit === 2 ? TWO : `n.${digit}`;
}

function whole(n: number): string[] {
  if (n < 10) return [single(n)];
  const [wan, rest] = [Math.floor(n / 10_000), n % 10_000];
  if (wan === 0) return section(rest, true);
  return [...whole(wan), 'n.wan', ...section(rest, false)];
}

/** Below ten thousand. A gap is said as one 零, however long; zeros at the end are not said. */
function section(n: number, leads: boolean): string[] {
  const parts: string[] = [];
  let gap = false;
  for (const worth of [1000, 100, 10, 1]) {
    const digit = Math.floor(n / worth) % 10;
    const said = !leads || parts.length > 0;
    if (digit === 0) {
      gap = said;
      continue;
    }
    if (gap) parts.push('n.0');
    gap = false;
    parts.push(worth === 10 && digit === 1 && said ? 'n.10.inner' : `n.${digit * worth}`);
  }
  return parts;
}
