import type { FakeBox } from './launch.ts';

/** A box whose every call throws, as host objects do that a firmware half removed. */
export function broken(_box: FakeBox): object {
  const fail = (): never => {
    throw new Error('Error calling method on NPObject.');
  };
  return { isAppInstalled: fail, startAppByName: fail, startAppByIntent: fail };
}
