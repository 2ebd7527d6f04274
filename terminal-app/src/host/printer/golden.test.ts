import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Language } from '@bianmin/purchase/api/language';
import type { Receipt } from '@bianmin/purchase/api/receipt';
import { palettePng } from '../../../../build/kit/pictures/palette-png.ts';
import { picturesIn, unlike, type Dots } from '../../../e2e/printer/drawn-text.ts';
import { CARD_RECEIPT, CASH_BACK_RECEIPT, SHORT_SHIFT } from '../../../e2e/printer/sample-receipts.ts';
import { VirtualPrinter } from '../../../e2e/printer/virtual-printer.ts';
import { encode } from './escpos.ts';
import { PRINTER_MODELS, type PrinterModel } from './models.ts';
import type { Line } from './line.ts';
import { receiptLines } from './receipt-lines.ts';
import { shiftLines } from './shift-lines.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
const PICTURES = join(import.meta.dirname, '../../../../docs/images/receipt');
/** Set to write the files anew; then open the pictures. */
const WRITE = process.env['WRITE_GOLDEN'] === '1';

const helpPhone = '95598';
const receiptOf = (receipt: Receipt, language: Language, again = false): readonly Line[] =>
  receiptLines({ receipt, language, again, helpPhone });
const slipOf = (language: Language, again = false): readonly Line[] =>
  shiftLines({ shift: SHORT_SHIFT, language, again });
/** What a printer must say of each. */
const RECEIPT = ['购电凭证', '770X-9RM3-G0CT-KPJQ'];
const SLIP = ['当班交接单', '-5.00 元', '交款人签字'];

const PAPERS = [
  { name: 'zh-58', model: 'generic-58', lines: receiptOf(CARD_RECEIPT, 'zh-CN'), says: RECEIPT },
  { name: 'ug-58', model: 'plain-58', lines: receiptOf(CARD_RECEIPT, 'ug'), says: RECEIPT },
  { name: 'en-80', model: 'generic-80', lines: receiptOf(CARD_RECEIPT, 'en'), says: RECEIPT },
  {
    name: 'zh-80-again',
    model: 'epson-80',
    lines: receiptOf(CASH_BACK_RECEIPT, 'zh-CN', true),
    says: RECEIPT,
  },
  { name: 'shift-zh-58', model: 'generic-58', lines: slipOf('zh-CN'), says: SLIP },
  { name: 'shift-ug-58', model: 'plain-58', lines: slipOf('ug'), says: SLIP },
  { name: 'shift-en-80-again', model: 'generic-80', lines: slipOf('en', true), says: [...SLIP, '补打'] },
] as const;

/** A line's bytes; without a line the start or the end of the paper. */
interface Part {
  readonly line?: Line;
  readonly bytes: Buffer;
}

const isDrawn = ({ line }: Part): boolean => line?.is === 'text' && line.language === 'ug';

/** A receipt's bytes, cut where its lines end. */
function partsOf(lines: readonly Line[], model: PrinterModel): Part[] {
  const empty = encode([], model);
  const parts: Part[] = lines.map((line) => {
    const pieces = encode([line], model);
    return { line, bytes: Buffer.concat(pieces.slice(1, 1 + pieces.length - empty.length)) };
  });
  return [{ bytes: Buffer.concat(empty.slice(0, 1)) }, ...parts, { bytes: Buffer.concat(empty.slice(1)) }];
}

/** The same stretches of the bytes that are kept. */
async function keptParts(name: string, parts: readonly Part[]): Promise<Buffer[]> {
  const kept = await readFile(join(GOLDEN, `${name}.bin`));
  expect(parts.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(kept.length);
  let at = 0;
  return parts.map(({ bytes }) => kept.subarray(at, (at += bytes.length)));
}

describe('a receipt, byte for byte, and what is drawn dot for dot', () => {
  it.each(PAPERS)('$name', async ({ name, lines, says, ...paperInit }) => {
    const model = PRINTER_MODELS[paperInit.model];
    const bytes = Buffer.concat(encode(lines, model));

    // What the bytes say is not taken from the code that made them: a printer is asked.
    const printer = new VirtualPrinter({ dots: model.dots });
    printer.receive(bytes);
    const paper = model.cut === 'none' ? printer.unfinished : printer.receipts[0];
    for (const said of says) expect(paper?.text).toContain(said);
    expect(paper?.text).not.toMatch(/[?▯\ufffd]/);
    const parts = partsOf(lines, model);
    expect(Buffer.concat(parts.map((part) => part.bytes)).equals(bytes)).toBe(true);
    const drawn = parts.filter(isDrawn);
    const words = drawn.map(({ line }) => (line?.is === 'text' ? `${line.text}\n` : '')).join('');
    if (WRITE && paper !== undefined) {
      const canvas = paper.canvas();
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
      await mkdir(PICTURES, { recursive: true });
      await mkdir(GOLDEN, { recursive: true });
      await writeFile(
        join(PICTURES, `${name}.png`),
        palettePng({ width, height, rgba: Uint8Array.from(data) }),
      );
      await writeFile(join(GOLDEN, `${name}.bin`), bytes);
      if (drawn.length > 0) await writeFile(join(GOLDEN, `${name}.txt`), words);
    }

    const kept = await keptParts(name, parts);
    for (const [index, part] of parts.entries()) {
      if (!isDrawn(part))
        expect(part.bytes.equals(kept[index] ?? Buffer.of()), JSON.stringify(part.line)).toBe(true);
    }
    if (drawn.length === 0) return;
    // The drawing library rounds by the processor, so its dots are compared with a tolerance, and its words exactly.
    expect(words).toBe(await readFile(join(GOLDEN, `${name}.txt`), 'utf8'));
    const keptLines = parts.flatMap((part, index) => (isDrawn(part) ? picturesOf(kept[index]) : []));
    const drawnLines = drawn.flatMap((part) => picturesOf(part.bytes));
    expect(unlike(keptLines, drawnLines)).toEqual([]);
  });
});

function picturesOf(bytes: Buffer | undefined): Dots[] {
  const pictures = picturesIn(bytes ?? Buffer.of());
  if (pictures === undefined) throw new Error('A drawn line holds more than its dots.');
  return pictures;
}
