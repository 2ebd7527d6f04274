import { KeyRing } from '../kernel/key-ring.ts';
import type { Config } from './config.ts';

const HIDDEN = /SECRET|KEY|PASSWORD|PKCS12|^ENROL_CODE$/u;
/** Addresses that may hold a password. */
const ADDRESSES = /_UR[IL]$/u;

/** Every secret of a configuration, as texts: what no log may say. */
export function secretValuesOf(config: Readonly<Partial<Config>>): string[] {
  return Object.entries(config).flatMap(([name, value]) => {
    if (HIDDEN.test(name)) return textsIn(value);
    return ADDRESSES.test(name) && typeof value === 'string' ? passwordsIn(value) : [];
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof KeyRing) return value.secretTexts();
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** As it is written there, and as it is meant. */
function passwordsIn(address: string): string[] {
  const written = /^[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:([^\s]*)@/iu.exec(address)?.[1];
  if (written === undefined) return [];
  try {
    return [...new Set([written, decodeURIComponent(written)])];
  } catch {
    return [written];
  }
}
