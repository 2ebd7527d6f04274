import { nextOp } from './escpos-parser.ts';

/** Rows of dots as a printer takes them: a byte for eight, the left one in the highest bit. */
export interface Dots {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
}

/** How one drawing of a line differs from another of the same size. */
interface Difference {
  /** Black dots of the first. */
  readonly black: number;
  /** Dots that are black in one and white in the other. */
  readonly differing: number;
  /** Those of them whose colour is nowhere around in the other: no edge runs there. */
  readonly stray: number;
  /** Whether two of those touch: a piece of a letter is there, or is not. */
  readonly together: boolean;
}

/**
 * What the drawing library may do differently on another processor: it rounds where a letter starts, and how dark a dot at
 * its edge is. A letter that stands a quarter of a dot aside has a fifth of its dots changed, one that stands a whole dot
 * aside nine tenths; an AMD EPYC changed a twenty-fifth of a receipt. A stray dot is a white one between two strokes.
 */
const OF_A_LINE = 0.3;
const OF_ALL = 0.1;
const STRAY_OF_A_LINE = 3;

/** The pictures in bytes that hold nothing else; undefined where there is anything else. */
export function picturesIn(bytes: Uint8Array): Dots[] | undefined {
  const pictures: Dots[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = nextOp(bytes.subarray(at));
    if (next?.op.do !== 'raster') return undefined;
    const { width, height, rows } = next.op;
    pictures.push({ width, height, rows });
    at += next.length;
  }
  return pictures;
}

function differenceOf(one: Dots, other: Dots): Difference {
  const stray: { x: number; y: number }[] = [];
  let [black, differing] = [0, 0];
  for (const [index, byte] of one.rows.entries()) {
    black += onesIn(byte);
    if (byte === other.rows[index]) continue;
    for (let at = index * 8; at < index * 8 + 8; at += 1) {
      const [x, y] = [at % one.width, Math.floor(at / one.width)];
      const [here, there] = [isBlack(one, x, y), isBlack(other, x, y)];
      if (here === there) continue;
      differing += 1;
      if (!isAround(other, { x, y, black: here }) || !isAround(one, { x, y, black: there }))
        stray.push({ x, y });
    }
  }
  const together = stray.some((a) =>
    stray.some((b) => a !== b && Math.abs(a.x - b.x) <= 1 && Math.abs(a.y - b.y) <= 1),
  );
  return { black, differing, stray: stray.length, together };
}

/** Why two drawings of the same lines are not the same text, a line at a time; nothing where they are. */
export function unlike(wanted: readonly Dots[], drawn: readonly Dots[]): string[] {
  if (wanted.length !== drawn.length) return [`${drawn.length} lines where ${wanted.length} belong`];
  const sizes = (lines: readonly Dots[]): string =>
    lines.map((line) => `${line.width} × ${line.height}`).join(', ');
  if (sizes(wanted) !== sizes(drawn)) return [`lines of ${sizes(drawn)} dots where ${sizes(wanted)} belong`];
  const lines = wanted.map((line, index) => differenceOf(line, drawn[index] ?? line));
  const sum = (pick: (line: Difference) => number): number =>
    lines.reduce((all, line) => all + pick(line), 0);
  const [black, differing] = [sum((line) => line.black), sum((line) => line.differing)];
  return [
    ...lines.flatMap((line, index) => whyOfLine(line).map((why) => `line ${index}: ${why}`)),
    ...(differing > black * OF_ALL ? [`in all ${differing} of ${black} dots differ`] : []),
  ];
}

function whyOfLine({ black, differing, stray, together }: Difference): string[] {
  return [
    ...(differing > black * OF_A_LINE ? [`${differing} of ${black} dots differ`] : []),
    ...(together ? ['dots that touch differ where no edge is'] : []),
    ...(stray > STRAY_OF_A_LINE ? [`${stray} dots differ where no edge is`] : []),
  ];
}

/** Outside the paper it is white. */
export function isBlack({ width, height, rows }: Dots, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= width || y >= height) return false;
  const at = y * width + x;
  return ((rows[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
}

/** Whether a dot, or one of the eight around it, has this colour. */
function isAround(dots: Dots, at: { x: number; y: number; black: boolean }): boolean {
  for (const y of [at.y - 1, at.y, at.y + 1]) {
    for (const x of [at.x - 1, at.x, at.x + 1]) if (isBlack(dots, x, y) === at.black) return true;
  }
  return false;
}

function onesIn(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
