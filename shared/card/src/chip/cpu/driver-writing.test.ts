import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { authenticate, pattern, testMac } from '../../testing/chips/cpu/rig.ts';
import { plainCommand } from './key-guard.ts';
import { D1, D2, D3 } from './dialects.ts';
import { rigOf } from '../../testing/node/cpu-driver-rig.ts';

describe('writing', () => {
  it('without MAC goes to files that take it so, in pieces, and to no others', async () => {
    const { card, driver } = rigOf({ ...D1, maxUpdate: 16 });
    await driver.update({ zone: 'mf:01', offset: 2, data: pattern(37, 5) });
    expect(card.files.get('mf:01')?.slice(2)).toEqual(pattern(37, 5));
    for (const zone of ['df01:02', 'mf:19']) {
      const write = driver.update({ zone, offset: 0, data: pattern(4) });
      await expect(write).rejects.toMatchObject({ code: 'chip.unsupported' });
    }
  });

  it('with a challenge that served already is refused in D3, and goes on with a new one', async () => {
    const { driver } = rigOf(D3);
    await authenticate(driver, tripleDes);
    const challenge = await driver.challenge(4);
    const data = pattern(8, 1);
    const region = { zone: 'df01:02', offset: 0, data };
    await driver.updateWithMac(region, testMac({ cipher: tripleDes, challenge, zone: region.zone, data }));
    const again = driver.updateWithMac(
      region,
      testMac({ cipher: tripleDes, challenge, zone: region.zone, data }),
    );
    await expect(again).rejects.toMatchObject({ context: { sw: '6984' } });
    const next = await driver.challenge(4);
    await driver.updateWithMac(
      region,
      testMac({ cipher: tripleDes, challenge: next, zone: region.zone, data }),
    );
  });

  it('is refused as the card says: before authentication, with a wrong MAC, without any', async () => {
    const { driver } = rigOf(D2);
    const region = { zone: 'df01:06', offset: 0, data: new Uint8Array(50) };
    await driver.select('df01');
    const mac = new Uint8Array(4);
    await expect(driver.updateWithMac(region, mac)).rejects.toMatchObject({ code: 'chip.unreadable' });
    await authenticate(driver, tripleDes);
    await driver.challenge(4);
    await expect(driver.updateWithMac(region, mac)).rejects.toMatchObject({ context: { sw: '6988' } });
    await expect(driver.updateWithMac(region, new Uint8Array(3))).rejects.toMatchObject({
      code: 'chip.out-of-range',
    });
    expect((await driver.exchange(plainCommand(fromHex('00D6860001AA')))).sw).toBe(0x6987);
  });

  it('loses the authentication where another directory is read in between', async () => {
    const { driver } = rigOf(D1);
    await authenticate(driver, tripleDes);
    await driver.readSerial();
    const region = { zone: 'df01:02', offset: 0, data: new Uint8Array(8) };
    await expect(driver.updateWithMac(region, new Uint8Array(4))).rejects.toMatchObject({
      context: { sw: '6982' },
    });
  });
});
