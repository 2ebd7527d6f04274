import {
  ACCESS,
  CONFIG,
  DEVICE,
  FUSE,
  isLockedByFuses,
  PAC_ADDRESS,
  PASSWORD_SIZE,
  SECURE_CODE,
  type PasswordNumber,
} from '../../../chip/at88sc153/constants.ts';

/** Which password and authentication are in force: one password at a time (data sheet p. 9). */
export interface Rights {
  readonly password: PasswordNumber | undefined;
  readonly authenticated: boolean;
}

/** What the access rules look at. */
export interface AccessState {
  readonly config: Uint8Array;
  readonly fuses: number;
  readonly rights: Rights;
}

/** True where a bit that is active low is on. */
export function isOn(register: number, bit: number): boolean {
  return (register & bit) === 0;
}

export function accessRegister(config: Uint8Array, zone: number): number {
  return config[CONFIG.accessRegisters + zone] ?? 0xff;
}

export function deviceRegister(config: Uint8Array): number {
  return config[CONFIG.deviceConfiguration] ?? 0xff;
}

/** Whether a user zone gives its bytes. Verifying the write password always allows reading. */
export function mayReadUser(zone: number, { config, rights }: AccessState): boolean {
  const register = accessRegister(config, zone);
  if (isOn(register, ACCESS.authentication) && !rights.authenticated) return false;
  return !isOn(register, ACCESS.readPassword) || isOfSet(rights.password, setOf(register));
}

/** Whether a user zone takes bytes, but for the locks of its pages. */
export function mayWriteUser(zone: number, { config, rights }: AccessState): boolean {
  const register = accessRegister(config, zone);
  if (isOn(register, ACCESS.modifyForbidden)) return false;
  const guarded = isOn(register, ACCESS.authentication) || isOn(register, ACCESS.authenticationForWrite);
  if (guarded && !rights.authenticated) return false;
  return !isOn(register, ACCESS.writePassword) || rights.password === setOf(register);
}

/**
 * Whether a byte of the configuration is given. Counters and cryptogram are free; the seed only to the secure code
 * before the last fuse; a password to the write password of its set. Unconfirmed but for the counters and `supervisor`.
 */
export function mayReadConfig(address: number, { config, fuses, rights }: AccessState): boolean {
  if (address < CONFIG.seed) return true;
  if ((fuses & FUSE.per) !== 0 && rights.password === SECURE_CODE) return true;
  if (address < CONFIG.passwords) return false;
  return isCounter(address) || mayChangePasswords(address, { config, fuses, rights });
}

/**
 * Whether a byte of the configuration takes a write: the secure code until the fuses lock the field, and passwords
 * always under the write password of their set (data sheet p. 7). Counters only for the secure code.
 */
export function mayWriteConfig(address: number, state: AccessState): boolean {
  const { config, fuses, rights } = state;
  if (address < CONFIG.passwords) return rights.password === SECURE_CODE && !isLockedByFuses(address, fuses);
  if ((fuses & FUSE.per) !== 0 && rights.password === SECURE_CODE) return true;
  if (isCounter(address)) return isSupervisor(config, rights);
  return mayChangePasswords(address, state);
}

/** Which password a byte of the configuration belongs to, if any. */
export function passwordAt(address: number): PasswordNumber | undefined {
  const found = Object.entries(PAC_ADDRESS).find(
    ([, pac]) => address >= pac && address <= pac + PASSWORD_SIZE,
  );
  return found === undefined ? undefined : (Number(found[0]) as PasswordNumber);
}

function mayChangePasswords(address: number, { config, rights }: AccessState): boolean {
  const owner = passwordAt(address);
  return isSupervisor(config, rights) || (owner !== undefined && rights.password === (owner & 1));
}

function isSupervisor(config: Uint8Array, rights: Rights): boolean {
  return isOn(deviceRegister(config), DEVICE.supervisor) && rights.password === SECURE_CODE;
}

function isCounter(address: number): boolean {
  return Object.values(PAC_ADDRESS).includes(address);
}

/** Which of the two sets a zone wants; as a number also its write password. */
function setOf(register: number): 0 | 1 {
  return isOn(register, ACCESS.passwordSet) ? 0 : 1;
}

function isOfSet(password: PasswordNumber | undefined, set: 0 | 1): boolean {
  return password !== undefined && (password & 1) === set;
}
