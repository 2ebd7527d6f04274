import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ReaderError } from '../reader/error.ts';
import type { CardSession } from '../reader/slot.ts';
import { formatTranscript, parseTranscript } from './format.ts';
import type { Transcript } from './format.ts';
import { ReplaySession } from './player.ts';
import { RecordingSession } from './recorder.ts';
import { assertRedacted } from './check.ts';

const transcript: Transcript = {
  format: 'bianmin-transcript/1',
  provenance: {
    reader: 'ACS ACR39U (slot 0)',
    model: 'acr39u',
    driven: 'pcsc',
    chip: 'SLE4442',
    date: '2026-11-25',
    by: 'the test',
  },
  memoryReader: { memoryDialect: 'acs' },
  atr: '3B04A2131091',
  exchanges: [
    ['FFA400000106', '9000'],
    ['FF20000003XXXXXX', '9007'],
    ['FFB1000004', '07XXXXXX9000'],
    ['FFB0000001', '!reader.removed'],
  ],
  dump: { zones: [] },
};

/** Answers what a table says. */
function cardOf(answers: Readonly<Record<string, string>>): CardSession {
  return {
    atr: fromHex(transcript.atr),
    transmit(apdu) {
      const answer = answers[toHex(apdu)];
      if (answer !== undefined) return Promise.resolve(fromHex(answer));
      return Promise.reject(new ReaderError({ code: 'reader.removed', message: 'Put it in again.' }));
    },
    end: () => Promise.resolve(),
  };
}

describe('a transcript', () => {
  it('reads as it was written, an exchange a line', () => {
    const text = formatTranscript(transcript);
    expect(parseTranscript(text)).toEqual(transcript);
    expect(text).toContain('\n    ["FFA400000106", "9000"],\n');
    const { dump: _, ...bare } = transcript;
    expect(parseTranscript(formatTranscript({ ...bare, exchanges: [] }))).toEqual({ ...bare, exchanges: [] });
  });

  it.each(['', '{}', '[]', formatTranscript(transcript).replace('9007', '90G7')])(
    'says of what is none that it is none (%#)',
    (text) => {
      expect(() => parseTranscript(text)).toThrowError(
        expect.objectContaining({ code: 'transcript.malformed' }),
      );
    },
  );

  it('is recorded without codes, errors included', async () => {
    const session = new RecordingSession(
      cardOf({ FFA400000106: '9000', FF20000003A1B2C3: '9007', FFB1000004: '07A1B2C39000' }),
    );
    await session.transmit(fromHex('FFA400000106'));
    await session.transmit(fromHex('FF20000003A1B2C3'));
    await session.transmit(fromHex('FFB1000004'));
    await expect(session.transmit(fromHex('FFB0000001'))).rejects.toThrow();
    expect(session.exchanges).toEqual(transcript.exchanges);
  });

  it('answers as the card did: any code fits, hidden bytes come back as 00, errors as they were', async () => {
    const session = new ReplaySession(transcript);
    expect(toHex(session.atr)).toBe(transcript.atr);
    await session.transmit(fromHex('FFA400000106'));
    expect(toHex(await session.transmit(fromHex('FF20000003112233')))).toBe('9007');
    expect(toHex(await session.transmit(fromHex('FFB1000004')))).toBe('070000009000');
    expect(() => {
      session.assertAllPlayed();
    }).toThrowError(expect.objectContaining({ code: 'transcript.left-over' }));
    await expect(session.transmit(fromHex('FFB0000001'))).rejects.toMatchObject({ code: 'reader.removed' });
    session.assertAllPlayed();
    await expect(session.transmit(fromHex('FFB0000001'))).rejects.toMatchObject({ code: 'transcript.ended' });
  });

  it('refuses another command than the recorded one, and does not tell the code that was in it', async () => {
    const session = new ReplaySession(transcript);
    const error: unknown = await session.transmit(fromHex('FF20000003A1B2C3')).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'transcript.deviates', context: { exchange: 0 } });
    expect(JSON.stringify(error)).not.toContain('A1B2C3');
  });
});

describe('a transcript from elsewhere', () => {
  it('may not show what is hidden today, and the error does not show it either', () => {
    assertRedacted(transcript);
    for (const [from, to] of [
      ['FF20000003XXXXXX', 'FF20000003A1B2C3'],
      ['07XXXXXX9000', '07XXA1XX9000'],
    ] as const) {
      const bent = parseTranscript(formatTranscript(transcript).replace(from, to));
      let error: unknown;
      try {
        assertRedacted(bent);
      } catch (caught) {
        error = caught;
      }
      expect(error).toMatchObject({ code: 'transcript.unredacted' });
      expect(JSON.stringify(error)).not.toContain('A1');
    }
  });
});
