import { describe, expect, it } from 'vitest';
import { receiptLines } from '../../src/host/printer/receipt-lines.ts';
import { uyghurRaster } from '../../src/host/printer/raster.ts';
import { isBlack, unlike, type Dots } from './drawn-text.ts';
import { CARD_RECEIPT } from './sample-receipts.ts';

const WIDTH = 384;
const lines = receiptLines({ receipt: CARD_RECEIPT, language: 'ug', again: false, helpPhone: '95598' });
const texts = lines.flatMap((line) => (line.is === 'text' && line.language === 'ug' ? [line.text] : []));
const wanted: readonly Dots[] = texts.map((text) => uyghurRaster(text, { width: WIDTH }));

describe('two drawings of one text', () => {
  it('lets pass what another processor does to edges', () => {
    // Twice as many bytes as on an AMD EPYC: 640 of a receipt's 43,376, spread over all its edges.
    const noisy = wanted.map((line) => withEdgesMoved(line, 15));
    const bytes = noisy.flatMap((line, index) =>
      [...line.rows].filter((byte, at) => byte !== wanted[index]?.rows[at]),
    );
    expect(bytes.length).toBeGreaterThan(640);
    expect(unlike(wanted, noisy)).toEqual([]);
  });

  it('does not let pass so many edges that the letters look worn', () => {
    expect(
      unlike(
        wanted,
        wanted.map((line) => withEdgesMoved(line, 8)),
      ),
    ).not.toEqual([]);
  });

  it.each([
    ['mirrored', (line: Dots) => moved(line, (x, y) => [line.width - 1 - x, y])],
    ['upside down', (line: Dots) => moved(line, (x, y) => [x, line.height - 1 - y])],
    ['a dot to the left', (line: Dots) => moved(line, (x, y) => [x + 1, y])],
    ['a dot to the right', (line: Dots) => moved(line, (x, y) => [x - 1, y])],
    ['a dot higher', (line: Dots) => moved(line, (x, y) => [x, y + 1])],
    ['a dot lower', (line: Dots) => moved(line, (x, y) => [x, y - 1])],
    ['empty', (line: Dots) => ({ ...line, rows: new Uint8Array(line.rows.length) })],
    ['black', (line: Dots) => ({ ...line, rows: new Uint8Array(line.rows.length).fill(0xff) })],
  ])('finds any one line that is %s', (_, spoil) => {
    for (const [index, line] of wanted.entries()) {
      const paper = wanted.with(index, spoil(line));
      expect(unlike(wanted, paper), `line ${index}`).not.toEqual([]);
    }
  });

  it('finds a line too many, one too few and two that changed places', () => {
    const [first, second, ...rest] = wanted;
    if (first === undefined || second === undefined) throw new Error('There are fewer than two lines.');
    expect(unlike(wanted, [...wanted, first])).not.toEqual([]);
    expect(unlike(wanted, [second, ...rest])).not.toEqual([]);
    expect(unlike(wanted, [second, first, ...rest])).not.toEqual([]);
  });

  it('finds each word that is missing or stands in the wrong order', () => {
    for (const text of texts) {
      const words = text.split(' ');
      const others = words.map((_, index) => words.toSpliced(index, 1).join(' '));
      if (words.length > 1) others.push(words.toReversed().join(' '));
      for (const other of others) expect(drawnFor(text, other), `${text}: ${other}`).not.toEqual([]);
    }
  });

  it('finds each letter that is missing', () => {
    let tried = 0;
    for (const text of texts) {
      for (const [index, letter] of [...text].entries()) {
        if (letter === ' ') continue;
        tried += 1;
        const other = [...text].toSpliced(index, 1).join('');
        expect(drawnFor(text, other), `${text}: without its letter ${index}`).not.toEqual([]);
      }
    }
    expect(tried).toBeGreaterThan(200);
  });

  it.each([
    ['ا', 'ە'],
    ['ك', 'ل'],
    ['گ', 'ك'],
    ['ن', 'ت'],
    ['ل', 'ا'],
    ['ۇ', 'و'],
    ['ى', 'ا'],
    ['ر', 'ز'],
    ['س', 'ش'],
    ['م', 'ن'],
  ])('finds %s that is drawn as %s', (letter, other) => {
    const having = texts.filter((text) => text.includes(letter));
    expect(having.length).toBeGreaterThan(0);
    for (const text of having) expect(drawnFor(text, text.replace(letter, other)), text).not.toEqual([]);
  });

  it('finds letters that are not joined, and those from left to right', () => {
    for (const text of texts) {
      const apart = [...text].join('\u200c');
      expect(drawnFor(text, apart), text).not.toEqual([]);
      expect(drawnFor(text, `\u202d${text}\u202c`), text).not.toEqual([]);
    }
  });
});

/** What is found where `other` is drawn in the place of one of the lines. */
function drawnFor(text: string, other: string): string[] {
  return unlike(wanted, wanted.with(texts.indexOf(text), uyghurRaster(other, { width: WIDTH })));
}

/** At each `nth` place where a row goes from black to white or back, it does so a dot further. */
function withEdgesMoved(line: Dots, nth: number): Dots {
  const rows = Uint8Array.from(line.rows);
  let edges = 0;
  for (let at = 0; at < line.width * line.height; at += 1) {
    const [x, y] = [at % line.width, Math.floor(at / line.width)];
    if (isBlack(line, x - 1, y) === isBlack(line, x + 1, y)) continue;
    edges += 1;
    if (edges % nth === 0) rows[at >> 3] = (rows[at >> 3] ?? 0) ^ (0x80 >> (at & 7));
  }
  return { ...line, rows };
}

/** Each dot is what `from` names. */
function moved(line: Dots, from: (x: number, y: number) => readonly [number, number]): Dots {
  const rows = new Uint8Array(line.rows.length);
  for (let at = 0; at < line.width * line.height; at += 1) {
    const [x, y] = from(at % line.width, Math.floor(at / line.width));
    if (isBlack(line, x, y)) rows[at >> 3] = (rows[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  return { ...line, rows };
}
