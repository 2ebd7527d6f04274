import { CONFIG, FUSE, FUSE_ADDRESS, SECURE_CODE } from '../../../chip/at88sc1608/constants.ts';

/**
 * Who may do what in the configuration zone. `all`; `never`; `secure`: the secure code while the part's fuse is
 * intact; `set`: the secure code while PER is intact, afterwards the Write password of the bytes' own set.
 */
type Right = 'all' | 'never' | 'secure' | 'set';
interface ConfigRule {
  readonly at: number;
  readonly size: number;
  readonly read: Right;
  readonly write: Right;
  /** The fuse that ends `secure`. */
  readonly until: (typeof FUSE)[keyof typeof FUSE];
}

const rule = (
  part: { readonly at: number; readonly size: number },
  rights: Pick<ConfigRule, 'read' | 'write'>,
  until: ConfigRule['until'] = FUSE.per,
): ConfigRule => ({ ...part, ...rights, until });

/**
 * Unconfirmed but for these: a Write password opens both passwords of its set for change, and until PER the secure code
 * opens the configuration (AT88SC1608 data sheet, 09ET p. 8). The rest follows the later CryptoMemory specification.
 */
const RULES: readonly ConfigRule[] = [
  rule({ at: CONFIG.answerToReset.at, size: 8 }, { read: 'all', write: 'never' }),
  rule(CONFIG.fabCode, { read: 'all', write: 'secure' }, FUSE.fab),
  rule(CONFIG.manufacturerCode, { read: 'all', write: 'secure' }, FUSE.cma),
  rule(CONFIG.accessRegisters, { read: 'all', write: 'secure' }),
  rule(CONFIG.identification, { read: 'all', write: 'secure' }),
  rule({ at: CONFIG.authenticationCounter.at, size: 8 }, { read: 'all', write: 'secure' }),
  rule(CONFIG.cryptogram, { read: 'all', write: 'secure' }),
  rule(CONFIG.secretSeed, { read: 'secure', write: 'secure' }),
  rule(CONFIG.testZone, { read: 'all', write: 'all' }),
];
const COUNTER: ConfigRule = { at: 0, size: 1, read: 'all', write: 'set', until: FUSE.per };
const PASSWORD: ConfigRule = { at: 0, size: 1, read: 'set', write: 'set', until: FUSE.per };

/** What the chip knows when it is asked for a byte of its configuration. */
export interface ConfigSituation {
  /** Password that is active, by its index; undefined for none. */
  readonly active: number | undefined;
  readonly fuses: number;
}

export function mayTouchConfig(doing: 'read' | 'write', address: number, now: ConfigSituation): boolean {
  const { [doing]: right, until } = ruleFor(address);
  const secure = now.active === SECURE_CODE && (now.fuses & until) !== 0;
  switch (right) {
    case 'all':
      return true;
    case 'never':
      return false;
    case 'secure':
      return secure;
    case 'set':
      return secure || ((now.fuses & FUSE.per) === 0 && now.active === setOf(address));
  }
}

function ruleFor(address: number): ConfigRule {
  if (address >= CONFIG.passwords.at && address < FUSE_ADDRESS) return address % 4 === 0 ? COUNTER : PASSWORD;
  const found = RULES.find(({ at, size }) => address >= at && address < at + size);
  if (found === undefined) throw new RangeError('no such byte of the configuration');
  return found;
}

/** The Write password that governs a byte of the sets: the number of the set. */
function setOf(address: number): number {
  return (address - CONFIG.passwords.at) >> 3;
}
