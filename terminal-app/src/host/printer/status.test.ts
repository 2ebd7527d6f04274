import { describe, expect, it } from 'vitest';
import { hear, mayPrint, stateOf, stateOfAsb } from './status.ts';

/** Fixed bits of an answer to DLE EOT. */
const OK = 0x12;

describe('the four answers to DLE EOT', () => {
  it.each([
    ['ready', [OK, OK, OK, OK]],
    ['paper-low', [OK, OK, OK, OK | 0x0c]],
    ['paper-out', [OK | 0x08, OK | 0x20, OK, OK | 0x6c]],
    ['paper-out', [OK, OK, OK, OK | 0x60]],
    ['cover-open', [OK | 0x08, OK | 0x04, OK, OK | 0x60]],
    ['error', [OK | 0x08, OK | 0x40, OK | 0x08, OK]],
    ['error', [OK | 0x08, OK, OK, OK]],
    ['unknown', [OK, OK, OK]],
    ['unknown', []],
  ] as const)('%s is %j', (state, answers) => {
    expect(stateOf(answers)).toBe(state);
  });

  it('lets a printer print that has little paper or says nothing', () => {
    expect((['ready', 'paper-low', 'unknown'] as const).every(mayPrint)).toBe(true);
    expect((['paper-out', 'cover-open', 'error', 'absent'] as const).some(mayPrint)).toBe(false);
  });
});

describe('automatic status back', () => {
  it.each([
    ['ready', [0x10, 0, 0, 0]],
    ['paper-low', [0x10, 0, 0x03, 0]],
    ['paper-out', [0x18, 0, 0x0f, 0]],
    ['cover-open', [0x38, 0, 0x0c, 0]],
    ['error', [0x18, 0x08, 0, 0]],
    [undefined, [0x12, 0, 0, 0]],
  ] as const)('%s is %j', (state, bytes) => {
    expect(stateOfAsb(bytes)).toBe(state);
  });
});

describe('what comes in', () => {
  it('is told apart by its fixed bits: real time, in turn, unasked', () => {
    expect(hear(Uint8Array.of(OK, 0x10, 0, 0x0c, 0, 0x00, OK | 0x0c))).toEqual({
      ...{ realTime: [OK, OK | 0x0c], printed: true, asb: 'paper-out' },
    });
  });

  it('may be nothing', () => {
    expect(hear(new Uint8Array())).toEqual({ realTime: [], printed: false, asb: undefined });
  });
});
