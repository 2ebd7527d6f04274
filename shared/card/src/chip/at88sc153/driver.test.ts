import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { plainConfig, SimulatedAt88sc153Card } from '../../testing/chips/at88sc153/card.ts';
import type { SimulatedAt88sc153Init } from '../../testing/chips/at88sc153/card.ts';
import { standInChecksum } from '../../testing/chips/at88sc153/authentication.ts';
import { codeOf } from '../../errors.ts';
import { AT88SC153_COMMANDS } from './commands.ts';
import { CONFIG, DEVICE, DEVICE_DEFAULT, PASSWORD } from './constants.ts';
import { EIGHT_TRIES } from './counters.ts';
import { at88sc153Family, At88sc153Driver, DEFAULT_LAYOUT } from './driver.ts';

const READER = { memoryDialect: 'acs' } as const;
const commands = AT88SC153_COMMANDS.acs;
const GC = fromHex('FFFDFDFDFDFDFDFD');
const Q0 = fromHex('0102030405060708');
const CODES = ['A0A1A2', '454545', 'B0B1B2', 'C0C1C2'].map((code, key) => ({ key, code: fromHex(code) }));
const codeAt = (key: number): Uint8Array => CODES[key]?.code ?? new Uint8Array();

interface Setup extends Partial<SimulatedAt88sc153Init> {
  readonly device?: number;
}

async function opened({ device = DEVICE_DEFAULT, ...init }: Setup = {}) {
  const config = plainConfig(CODES);
  config[CONFIG.deviceConfiguration] = device;
  config.set(fromHex('01020304050607'), CONFIG.aac + 1);
  config.set(GC, CONFIG.seed);
  const user = new Uint8Array(64).fill(0xff);
  const card = new SimulatedAt88sc153Card({ zones: [user, user, user, config], fuses: 0, ...init });
  const session = new DirectSession(card);
  const driver = (await at88sc153Family.open(session, READER)) as At88sc153Driver;
  return { card, session, driver };
}

const failure = async (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => 'success',
    (error: unknown) => codeOf(error),
  );

describe('the AT88SC153 driver', () => {
  it('tells the tries of all four passwords, each at its own place', async () => {
    const { driver, card } = await opened();
    [0xee, 0xcc, 0x88, 0xff].forEach((counter, i) =>
      card.zone('config')?.fill(counter, 0x30 + 4 * i, 0x31 + 4 * i),
    );
    const left = await Promise.all([0, 1, 2, 3].map(async (key) => (await driver.tries(key)).left));
    expect(left).toEqual([3, 1, 2, 4]);
  });

  it('reads eight tries where the issuer allowed them and says so', async () => {
    const { session, card } = await opened({ device: DEVICE_DEFAULT & ~DEVICE.extendedTrials });
    const driver = new At88sc153Driver(session, commands, { ...DEFAULT_LAYOUT, counters: EIGHT_TRIES });
    expect(await driver.tries(0)).toEqual({ left: 8, full: 8 });
    expect(await failure(driver.presentCode(codeAt(1), 0))).toBe('chip.code-wrong');
    expect(card.zone('config')?.[0x30]).toBe(0xfe);
    expect(await driver.tries(0)).toEqual({ left: 7, full: 8 });
  });

  it('asks for the code again once another was presented: the chip knows one at a time', async () => {
    const { driver } = await opened();
    const write = { zone: 'user0', offset: 0, data: fromHex('00') };
    await driver.presentCode(codeAt(0), 0);
    await driver.write(write);
    await driver.presentCode(codeAt(1), 1);
    expect(await failure(driver.write(write))).toBe('chip.code-needed');
    expect(await failure(driver.presentCode(codeAt(1), 0))).toBe('chip.code-wrong');
    await driver.presentCode(codeAt(0), 0);
    await driver.write(write);
  });

  it('writes page by page, whatever the reader does with longer writes', async () => {
    const { driver } = await opened({ splitsPages: false });
    const data = Uint8Array.from({ length: 49 }, (_, i) => i);
    await driver.presentCode(codeAt(0), 0);
    await driver.write({ zone: 'user2', offset: 3, data });
    expect(await driver.read({ zone: 'user2', offset: 3, length: 49 })).toEqual(data);
  });

  it('authenticates a card that knows the seed, and no other', async () => {
    const { driver, card } = await opened();
    await driver.authenticate({ gc: GC, q0: Q0 });
    expect(card.zone('config')?.[CONFIG.aac]).toBe(0xff);
    await driver.authenticate({ gc: GC, q0: fromHex('1122334455667788') });
    expect(await failure(driver.authenticate({ gc: Q0, q0: Q0 }))).toBe('chip.refused');
    expect(await failure(driver.authenticate({ gc: GC.subarray(1), q0: Q0 }))).toBe('chip.malformed');
  });

  it('is not taken in by a card that shows a full counter and no more', async () => {
    const lying = await opened({ authFunction: ({ ci }) => ({ q1: ci, q2: ci }) });
    const { driver, card } = lying;
    card.zone('config')?.fill(0xff, CONFIG.aac, CONFIG.aac + 1);
    const always = new At88sc153Driver(lying.session, {
      ...commands,
      initialiseAuth: () => commands.readFuses(),
      verifyAuth: () => commands.readFuses(),
    });
    expect(await failure(driver.authenticate({ gc: GC, q0: Q0 }))).toBe('chip.refused');
    card.zone('config')?.fill(0xff, CONFIG.aac, CONFIG.aac + 1);
    expect(await failure(always.authenticate({ gc: GC, q0: Q0 }))).toBe('chip.refused');
    card.zone('config')?.fill(0x00, CONFIG.aac, CONFIG.aac + 1);
    expect(await failure(driver.authenticate({ gc: GC, q0: Q0 }))).toBe('chip.refused');
  });

  it('reads the checksum of what was written, once', async () => {
    const { driver } = await opened();
    const ci = await driver.read({ zone: 'config', offset: CONFIG.aac, length: 8 });
    await driver.authenticate({ gc: GC, q0: Q0 });
    await driver.presentCode(codeAt(0), 0);
    const data = fromHex('AABBCC');
    await driver.write({ zone: 'user0', offset: 8, data });
    expect(await driver.readChecksum()).toEqual(standInChecksum({ ci, gc: GC, q0: Q0 }, data));
    expect((await driver.readChecksum())[0]).toBe(0xff);
  });

  it('changes a password under the write password of its set', async () => {
    const { driver } = await opened();
    const next = fromHex('0A0B0C');
    expect(await failure(driver.changePassword(PASSWORD.read0, next))).toBe('chip.code-needed');
    await driver.presentCode(codeAt(0), 0);
    expect(await failure(driver.changePassword(PASSWORD.read0, next.subarray(1)))).toBe('chip.malformed');
    await driver.changePassword(PASSWORD.read0, next);
    await driver.presentCode(next, PASSWORD.read0);
    expect(await failure(driver.changePassword(PASSWORD.write0, next))).toBe('chip.code-needed');
  });

  it('blows the fuses in their order and then knows what is locked', async () => {
    const { driver } = await opened({ fuses: 0x06 });
    const registers = { zone: 'config', offset: CONFIG.accessRegisters, data: fromHex('777777') };
    expect(await failure(driver.blowFuse('cma'))).toBe('chip.code-needed');
    expect(await failure(driver.write(registers))).toBe('chip.code-needed');
    await driver.presentCode(codeAt(1), 1);
    await driver.write(registers);
    expect(await failure(driver.blowFuse('per'))).toBe('chip.refused');
    expect(await failure(driver.write({ ...registers, offset: 0 }))).toBe('chip.protected');
    await driver.blowFuse('cma');
    await driver.blowFuse('per');
    expect(await driver.readFuses()).toBe(0);
    expect(await failure(driver.blowFuse('per'))).toBe('chip.refused');
    expect(await failure(driver.write(registers))).toBe('chip.protected');
  });
});
