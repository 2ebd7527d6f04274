import { fromHex as bytes } from '../../../bytes/hex.ts';
import { SimulatedAt88Sc1608Card } from './card.ts';
import type { SimulatedAt88Sc1608Init } from './card.ts';
import { at88sc1608Kind } from './kind.ts';
import { DirectSession } from '../../direct-session.ts';
import { At88Sc1608Driver, at88sc1608Family } from '../../../chip/at88sc1608/driver.ts';

export const CODE = bytes('A1B2C3');
export const SECURE = bytes('343434');

export const issue = (keys: readonly number[] = [0]) =>
  at88sc1608Kind.issue({ contents: [], codes: keys.map((key) => ({ key, code: CODE })) });
/** The same card with other fuses, or in another reader. */
export function again(card: ReturnType<typeof issue>, init: Partial<SimulatedAt88Sc1608Init>) {
  const config = card.zone('config') ?? new Uint8Array();
  const user = Array.from({ length: 8 }, (_, zone) => card.zone(`user${zone}`) ?? new Uint8Array());
  return new SimulatedAt88Sc1608Card({ config, user, fuses: 0, ...init });
}

export async function open(card: ReturnType<typeof issue>): Promise<At88Sc1608Driver> {
  const driver = await at88sc1608Family.open(new DirectSession(card), { memoryDialect: 'acs' });
  if (!(driver instanceof At88Sc1608Driver)) throw new Error('another driver');
  return driver;
}
