import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOf, partsOf } from '../../../testing/household-file-text.ts';
import { digestOf, hashOn } from './file-hash.ts';
import { linesOf, type ReadLines } from './lines.ts';

const of = (text: string, before = 0): ReadLines => linesOf(Buffer.from(text), before);
const HEAD = 'customerNo,organisation,tags\n';

describe('a file of households', () => {
  it('has one a line: number, organisation, tags with spaces or semicolons between', () => {
    expect(of(`${HEAD}650100000017,650100,elderly low-income\n12,北社区,a;b； a\nAb3,650100,\n`)).toEqual({
      read: [
        { line: 2, customerNo: '650100000017', organisation: '650100', tags: ['elderly', 'low-income'] },
        { line: 3, customerNo: '12', organisation: '北社区', tags: ['a', 'b'] },
        { line: 4, customerNo: 'Ab3', organisation: '650100', tags: [] },
      ],
      ...{ troubles: [], lines: 4 },
    });
  });

  it.each([
    ['as a sheet in Chinese saves it', '\uFEFF户号,组织,标签\r\n12,北社区,a\r\n'],
    ['with quotes around all', '"customerNo","organisation","tags"\n"12","北社区","a"\n'],
    ['with spaces around, also of Chinese text', 'customerNo, organisation ,tags\n 12 ,\u3000北社区 ,\ta\n'],
    ['without an end of its last line', `${HEAD}12,北社区,a`],
  ])('is read %s', (_, text) => {
    expect(of(text)).toEqual({
      read: [{ line: 2, customerNo: '12', organisation: '北社区', tags: ['a'] }],
      ...{ troubles: [], lines: 2 },
    });
  });

  it('is read with a quote within quotes, and a comma', () => {
    const { read } = of(`${HEAD}12,"The ""old"", north",a\n13,650100,b\n`);
    expect(read.map(({ organisation }) => organisation)).toEqual(['The "old", north', '650100']);
  });

  it('says by their lines which ones cannot be taken and why, never what stands there', () => {
    const lines = [
      ...['650100000017,650100', '6.50104E+11,650100,a', ',650100,a', '13,,a', '14,650100,Elderly'],
      ...['15,650100,a b c d e f g h i', '', ' , ,', '"16,650100,a', '17,650"1"00,a', '18,650100,a'],
    ];
    const { read, troubles } = of(HEAD + lines.join('\n'));
    expect(read.map(({ line }) => line)).toEqual([12]);
    expect(troubles).toEqual([
      ...[
        { line: 2, what: 'columns' },
        { line: 3, what: 'number' },
        { line: 4, what: 'number' },
      ],
      ...[
        { line: 5, what: 'organisation' },
        { line: 6, what: 'tags' },
        { line: 7, what: 'tags' },
      ],
      ...[
        { line: 10, what: 'quotes' },
        { line: 11, what: 'quotes' },
      ],
    ]);
  });

  it('is counted on where it was cut, and has its first line once', () => {
    expect(of('12,650100,a\n', 40)).toMatchObject({ read: [{ line: 41 }], lines: 1 });
    // Further down it is a line like any other, of an organisation that there is not.
    expect(of(HEAD, 40).read).toMatchObject([{ line: 41, organisation: 'organisation' }]);
  });

  it.each([
    ['another order', 'organisation,customerNo,tags\n'],
    ['no first line', '12,650100,a\n'],
    ['nothing', '\n'],
    ['a first line that is cut off', '"customerNo,organisation,tags\n'],
    ['no more than the mark', '\uFEFF'],
  ])('is refused for %s', (_, text) => {
    expect(() => of(text)).toThrow(expect.objectContaining({ code: 'discount.file-header' }) as Error);
  });

  it.each([
    ['GB18030', Buffer.concat([Buffer.from(HEAD), Buffer.from([0x31, 0x2c, 0xb1, 0xb1, 0x2c, 0x0a])])],
    ['UTF-16', Buffer.from(`\uFEFF${HEAD}`, 'utf16le')],
  ])('is refused in %s, and says how to save it', (_, bytes) => {
    expect(() => linesOf(bytes, 0)).toThrow(
      expect.objectContaining({
        ...{ code: 'discount.file-encoding', message: expect.stringContaining('CSV UTF-8') as string },
      }) as Error,
    );
  });
});

describe('wherever it is cut behind a line', () => {
  const cell = fc.constantFrom(
    ...[
      '12',
      '650100000017',
      '650100',
      '北社区',
      'a',
      'a b',
      '"12"',
      '"a ""b"""',
      '"',
      'x"y',
      '"a"b""',
      '',
      ' ',
      '\u3000a',
    ],
    ...['\u00A012', '\uFEFF12', '\r', '，'],
  );
  const line = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join());
  const end = fc.constantFrom('\n', '\r\n');
  const lines = fc.array(
    fc.tuple(line, end).map((both) => both.join('')),
    { maxLength: 30 },
  );

  it('its rows, mistakes and SHA-256 are those of the whole', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), fc.integer({ min: 1, max: 200 }), async (below, marked, most) => {
        const file = Buffer.from(`${marked ? '\uFEFF' : ''}${HEAD}${below.join('')}`);
        const whole = linesOf(file, 0);
        const all: { read: unknown[]; troubles: unknown[]; lines: number } = {
          read: [],
          troubles: [],
          lines: 0,
        };
        let state: Uint8Array | undefined;
        for (const part of partsOf(file, most)) {
          const { read, troubles, lines: more } = linesOf(part, all.lines);
          all.read.push(...read);
          all.troubles.push(...troubles);
          all.lines += more;
          state = await hashOn(state, part);
        }
        expect(all).toEqual(whole);
        expect(await digestOf(state)).toBe(createHash('sha256').update(file).digest('hex'));
      }),
    );
  });

  it('parts are put together as they were', () => {
    const file = fileOf(['1,650100,a', '2,650100,b']);
    expect(Buffer.concat(partsOf(file, 1))).toEqual(file);
    expect(partsOf(file, 1)).toHaveLength(3);
  });
});
