import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { palettePng } from '../../../../build/pictures/palette-png.ts';
import { CARD_RECEIPT, CASH_BACK_RECEIPT } from '../../../e2e/printer/sample-receipts.ts';
import { VirtualPrinter } from '../../../e2e/printer/virtual-printer.ts';
import { encode } from './escpos.ts';
import { PRINTER_MODELS } from './models.ts';
import { receiptLines } from './receipt-lines.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
const PICTURES = join(import.meta.dirname, '../../../../docs/images/receipt');
/** Set to write the files anew; then open the pictures. */
const WRITE = process.env['WRITE_GOLDEN'] === '1';

const PAPERS = [
  { name: 'zh-58', language: 'zh-CN', model: 'generic-58', receipt: CARD_RECEIPT, again: false },
  { name: 'ug-58', language: 'ug', model: 'plain-58', receipt: CARD_RECEIPT, again: false },
  { name: 'en-80', language: 'en', model: 'generic-80', receipt: CARD_RECEIPT, again: false },
  { name: 'zh-80-again', language: 'zh-CN', model: 'epson-80', receipt: CASH_BACK_RECEIPT, again: true },
] as const;

describe('a receipt, byte for byte', () => {
  it.each(PAPERS)('$name', async ({ name, language, model, receipt, again }) => {
    const { dots, cut } = PRINTER_MODELS[model];
    const lines = receiptLines({ receipt, language, again, helpPhone: '95598' });
    const bytes = Buffer.concat(encode(lines, PRINTER_MODELS[model]));

    // What the bytes say is not taken from the code that made them: a printer is asked.
    const printer = new VirtualPrinter({ dots });
    printer.receive(bytes);
    const paper = cut === 'none' ? printer.unfinished : printer.receipts[0];
    expect(paper?.text).toContain('购电凭证');
    expect(paper?.text).toContain('770X-9RM3-G0CT-KPJQ');
    expect(paper?.text).not.toMatch(/[?▯\ufffd]/);
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
    }
    expect(bytes.equals(await readFile(join(GOLDEN, `${name}.bin`)))).toBe(true);
  });
});
