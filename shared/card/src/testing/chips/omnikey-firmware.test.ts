import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../bytes/hex.ts';
import { identifyChip } from '../../chip/identify.ts';
import { writeCard } from '../../meter-card/write.ts';
import { CHIP_CONTRACT } from '../chip-contract.ts';
import type { ChipContractRig } from '../chip-contract.ts';
import { DirectSession } from '../direct-session.ts';
import { MemoryJournal } from '../memory-journal.ts';
import { bytesAt } from '../oracle-meter.ts';
import { Redactor } from '../../transcript/redact.ts';
import { READER, inOmnikey } from '../node/omnikey-card.ts';
import { withLayout } from '../read-built-in.ts';

function rig(chip: 'SLE4442' | 'SLE4428'): ChipContractRig {
  const { card, open, files, codes } = inOmnikey(chip);
  const [first] = codes;
  if (first === undefined) throw new Error('the card has a code');
  return {
    open,
    known: { ...files.returnData, data: bytesAt(card, files.returnData).slice() },
    beyond: [{ zone: 'main', offset: chip === 'SLE4442' ? 0x100 : 0x3fd, length: 1 }],
    memory: {
      codes,
      wrongCode: first.code.map((byte) => byte ^ 0x01),
      writable: { ...files.purse, data: bytesAt(card, files.purse).map((byte) => byte ^ 0xff) },
      fixed: { ...files.serial, data: new Uint8Array(8) },
      setTriesLeft: (left) => card.setTriesLeft(left),
    },
  };
}

describe.each(['SLE4442', 'SLE4428'] as const)('%s in an OMNIKEY reader with bus commands', (chip) => {
  it.each(CHIP_CONTRACT)('$name', async (contractCase) => {
    await contractCase.run(rig(chip));
  });

  const written = async (sample: ReturnType<typeof inOmnikey>, journal: MemoryJournal): Promise<void> => {
    await writeCard({
      ...withLayout(await sample.open()),
      atr: new Uint8Array(),
      plan: sample.plan,
      lease: { no: 1, expiresAtMonotonic: 1 },
      journal,
      clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
      authorise: sample.authorise,
    });
  };

  it('takes a purchase that is cut inside any EEPROM operation once, and the meter credits it once', async () => {
    let operations = 1;
    for (let cut = 0; cut < operations; cut++) {
      const sample = inOmnikey(chip);
      const { card, meter, amountFen } = sample;
      const journal = new MemoryJournal();
      let count = 0;
      card.cutHook = () => count++ === cut;
      await expect(written(sample, journal)).rejects.toMatchObject({ code: 'reader.removed' });
      card.cutHook = () => {
        count++;
        return false;
      };
      await written(sample, journal);
      operations = Math.max(operations, count - cut - 1);
      const before = meter.balanceFen;
      meter.insert(card);
      meter.insert(card);
      expect(meter.balanceFen - before).toBe(amountFen);
      expect(card.tries[0]?.left).toBe(card.tries[0]?.full);
    }
    expect(operations).toBeGreaterThan(40);
  });
});

it('believes the counter and not the status word, as a reader might answer 90 00 to any code', async () => {
  const { card, codes } = inOmnikey('SLE4428');
  const session = new DirectSession(card);
  const driver = await identifyChip(
    {
      atr: session.atr,
      async transmit(apdu) {
        const answer = await session.transmit(apdu);
        return apdu[1] === 0x20 ? bytes('9000') : answer;
      },
      end: () => session.end(),
    },
    READER,
  );
  await expect(driver.presentCode(bytes('0000'))).rejects.toMatchObject({
    code: 'chip.code-wrong',
    context: { triesLeft: 7 },
  });
  await driver.presentCode(codes[0]?.code ?? bytes(''));
});

it.each([
  ['FF20000003A1B2C3 9000', 'FF20000003XXXXXX 9000'],
  ['FF70076B07A605A0033301A100 9D009000', 'FF70076B07A605A0033301XX00 9D009000'],
  ['FF70076B07A605A00331000000 9D0407A1B2C39000', 'FF70076B07A605A0033100XX00 9D0407XXXXXX9000'],
  ['FF70076B07A605A103CEFD0000 9D01FF9000', 'FF70076B07A605A103CEFDXX00 9D01FF9000'],
  ['FFB003FC04 11FFA1B29000', 'FFB003FC04 11FFXXXX9000'],
  ['FFD603FE02A1B2 9000', 'FFD603FE02XXXX 9000'],
  ['FFD60050020102 9000', 'FFD60050020102 9000'],
])('is recorded without codes: %s', (open, hidden) => {
  const [command = '', answer = ''] = open.split(' ');
  expect(new Redactor().exchange(bytes(command), bytes(answer)).join(' ')).toBe(hidden);
});

describe.each(['SLE4442', 'SLE4428'] as const)('%s in an OMNIKEY reader without bus commands', (chip) => {
  it('is read, and its code is never tried, since the tries cannot be seen', async () => {
    const { card, open, files, codes } = inOmnikey(chip, false);
    const driver = await open();
    expect(await driver.read(files.purse)).toEqual(bytesAt(card, files.purse));
    await expect(driver.tries()).rejects.toMatchObject({ code: 'chip.unsupported' });
    for (const { key, code } of codes) {
      await expect(driver.presentCode(code, key)).rejects.toMatchObject({ code: 'chip.unsupported' });
    }
    const purse = { ...files.purse, data: new Uint8Array(12) };
    await expect(driver.write(purse)).rejects.toMatchObject({ code: 'chip.code-needed' });
    expect(card.tries[0]?.left).toBe(card.tries[0]?.full);
  });
});
