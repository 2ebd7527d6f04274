import { KIOSK } from '@bianmin/purchase/design/tokens';
import type { Box, Survey, Words } from './survey-types.ts';

/** px of the design; docs/decisions/0021 says how they follow from dp. */
export interface Rules {
  readonly target: number;
  /** No words are smaller. */
  readonly least: number;
  /** What a screen says. */
  readonly main: number;
  /** What a screen asks or tells first. */
  readonly title: number;
}

export const RULES = {
  normal: { target: KIOSK.target, least: 24, main: KIOSK.text, title: KIOSK.text },
  large: { target: KIOSK.target, least: 32, main: 0.8 * KIOSK.largeText, title: KIOSK.largeText },
  /** Of staff mode: docs/kiosk.md. */
  dense: { target: 60, least: 24, main: 24, title: 24 },
  'dense-large': { target: 60, least: 32, main: 32, title: 32 },
} as const satisfies Record<string, Rules>;

/** WCAG 2.2, 1.4.6 without its leniency for large words, and 1.4.11. */
const CONTRAST = { words: 7, control: 3 } as const;
/** Words that are so much larger than the rest are a title, whose lines may be closer; MIIT's floor is 1.3. */
const TITLE = 1.2;
const LEADING = {
  ltr: { text: 1.45, title: 1.3 },
  rtl: { text: 1.7, title: 1.5 },
} as const;
/** Rounding of what browsers lay out. */
const SLACK = 1;
/** How far back and help may be from their corner. */
const CORNER = 80;

/** Whether the shipped fonts draw each of these at this weight; what they do not is given back. */
export type Undrawn = (text: string, weight: number) => readonly string[];

/** What is wrong with a screen, a line each: the element, what was measured, what is wanted. */
export function faultsOf(survey: Survey, rules: Rules, undrawn: Undrawn): string[] {
  return [
    ...ofDirection(survey),
    ...ofTargets(survey, rules),
    ...survey.words.flatMap((words) => ofWords(words, { survey, rules, undrawn })),
    ...overlaps(survey),
    ...survey.cut.map((name) => `${name}: its content is larger than it is`),
    ...survey.outside.map((name) => `${name}: leaves the screen's own place, between head and foot`),
  ];
}

function ofDirection({ language, direction, stage, back, help, main }: Survey): string[] {
  const found: string[] = [];
  const wanted = language === 'ug' ? 'rtl' : 'ltr';
  if (direction !== wanted) found.push(`the page: written ${direction}, wanted ${wanted}`);
  if (main === null) return found;
  const side = wanted === 'ltr' ? 'left' : 'right';
  const other = wanted === 'ltr' ? 'right' : 'left';
  if (help === null) found.push('help: not on the screen');
  else if (!isInCorner(help, stage, other)) found.push(`help: not at the bottom ${other}`);
  if (back !== null && !isInCorner(back, stage, side)) found.push(`back: not at the bottom ${side}`);
  return found;
}

function isInCorner(box: Box, stage: Box, side: 'left' | 'right'): boolean {
  return Math.abs(stage[side] - box[side]) <= CORNER && stage.bottom - box.bottom <= CORNER;
}

function ofTargets({ targets, stage }: Survey, rules: Rules): string[] {
  return targets.flatMap(({ name, box, disabled, contrast }) => {
    const found: string[] = [];
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    if (Math.min(width, height) < rules.target - SLACK / 2)
      found.push(`${name}: ${px(width)} × ${px(height)}, wanted at least ${rules.target} each way`);
    if (!isInside(box, stage)) found.push(`${name}: outside the screen`);
    if (!disabled && contrast === null) found.push(`${name}: what it stands on cannot be told`);
    if (!disabled && contrast !== null && contrast < CONTRAST.control)
      found.push(
        `${name}: its edge has a contrast of ${contrast.toFixed(1)}, wanted at least ${CONTRAST.control}`,
      );
    return found;
  });
}

function ofWords(
  words: Words,
  { survey, rules, undrawn }: { survey: Survey; rules: Rules; undrawn: Undrawn },
): string[] {
  const { name, size, contrast, disabled, secondary, drawing, title, leading, lines } = words;
  const found: string[] = [];
  const least = drawing ? RULES.normal.least : secondary ? rules.least : title ? rules.title : rules.main;
  if (size < least - 0.1) found.push(`${name}: ${px(size)}, wanted at least ${least}`);
  if (!disabled && contrast === null) found.push(`${name}: what is behind it cannot be told`);
  if (!disabled && contrast !== null && contrast < CONTRAST.words)
    found.push(`${name}: a contrast of ${contrast.toFixed(1)}, wanted at least ${CONTRAST.words}`);
  const direction = survey.direction === 'rtl' ? 'rtl' : 'ltr';
  const closest = LEADING[direction][title || size >= TITLE * rules.main ? 'title' : 'text'];
  if (lines.length > 1 && leading < closest - 0.01)
    found.push(`${name}: lines ${leading.toFixed(2)} apart, wanted at least ${closest}`);
  if (lines.some((line) => !isInside(line, survey.stage))) found.push(`${name}: outside the screen`);
  const target = words.target === null ? undefined : survey.targets[words.target];
  if (target && lines.some((line) => !isInside(line, target.box)))
    found.push(`${name}: leaves what is pressed`);
  for (const run of words.mirrored) found.push(`${name}: the digits of "${run}" are mirrored`);
  const missing = undrawn(words.text, words.weight);
  if (missing.length > 0)
    found.push(`${name}: no shipped font of weight ${words.weight} draws ${missing.join(' ')}`);
  return found;
}

/** Two targets, or words and a target or words that they are not in. */
function overlaps({ targets, words }: Survey): string[] {
  const found: string[] = [];
  targets.forEach((one, at) => {
    for (const other of targets.slice(at + 1))
      if (isOver(one.box, other.box)) found.push(`${one.name}: lies over ${other.name}`);
    for (const each of words)
      if (each.target !== at && each.lines.some((line) => isOver(line, one.box)))
        found.push(`${each.name}: lies over ${one.name}`);
  });
  words.forEach((one, at) => {
    for (const other of words.slice(at + 1))
      if (one.lines.some((a) => other.lines.some((b) => isOver(a, b))))
        found.push(`${one.name}: lies over ${other.name}`);
  });
  return found;
}

function isOver(a: Box, b: Box): boolean {
  return (
    a.left < b.right - SLACK &&
    b.left < a.right - SLACK &&
    a.top < b.bottom - SLACK &&
    b.top < a.bottom - SLACK
  );
}

function isInside(box: Box, of: Box): boolean {
  return (
    box.left >= of.left - SLACK &&
    box.right <= of.right + SLACK &&
    box.top >= of.top - SLACK &&
    box.bottom <= of.bottom + SLACK
  );
}

function px(value: number): string {
  return `${Math.round(value * 10) / 10} px`;
}
