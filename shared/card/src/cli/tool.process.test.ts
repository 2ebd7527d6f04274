import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startPrivatePcscd, whyNoPrivatePcscd } from '../testing/node/private-pcscd.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';

const BIN = join(import.meta.dirname, '../../bin/bianmin-card.js');

/** The tool as people start it. */
function tool(
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...line.split(' ')],
      { env: { ...process.env, LC_ALL: 'C', ...env }, timeout: 120_000 },
      (_, out, err) => {
        resolve({ code: child.exitCode ?? -1, out, err });
      },
    );
  });
}

describe('the tool as a process', () => {
  it('runs from its TypeScript, says what it can, and ends', async () => {
    expect(await tool('help')).toMatchObject({ code: 0, err: '' });
  });

  it('reads a simulated card and ends with the documented code', async () => {
    const { code, out } = await tool('identify --simulate CPU --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ chip: 'CPU' });
    expect(await tool('dump --reader 7 --simulate CPU')).toMatchObject({ code: 3, out: '' });
  });
});

describe.skipIf(whyNoPrivatePcscd() !== undefined)('through the real pcscd', () => {
  it.each(['SLE4442', 'CPU'] as const)(
    'reads a %s card as it does over the simulated reader',
    async (chip) => {
      const daemon = await startPrivatePcscd('ACS ACR38U-CCID');
      try {
        await daemon.insert(samplePurchase(chip, { cipher: tripleDes, seed: 1 }).card);
        const env = { PCSCLITE_CSOCK_NAME: daemon.socket };
        const read = (): ReturnType<typeof tool> => tool('dump --json --via pcsc --reader 1', env);
        let answer = await read();
        // The daemon looks for cards every 400 ms; until then there is none (3). A start of the tool takes longer than that.
        for (let again = 0; answer.code === 3 && again < 20; again++) answer = await read();
        const { code, out, err } = answer;
        expect({ code, err }).toEqual({ code: 0, err: '' });
        expect(JSON.parse(out)).toEqual(JSON.parse((await tool(`dump --json --simulate ${chip}:1`)).out));
      } finally {
        await daemon.stop();
      }
    },
  );
});
