import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { ApiError } from '@bianmin/purchase/api/client-error';
import {
  passkeyAdded,
  passkeyAnswer,
  passkeyCreated,
  passkeyList,
  passkeyOptions,
  type PasskeyAnswer,
  type PasskeyView,
} from '@bianmin/purchase/api/passkeys';
import type { z } from 'zod';
import { call } from './call.ts';

const PATH = '/v1/admin/me/passkeys';

/** An address of numbers, for which no browser has passkeys. */
const NUMBERS = /^(?:[\d.]+|\[.*\])$/u;

/** Whether this browser has passkeys, and at this address. */
export const hasPasskeys = (): boolean => browserSupportsWebAuthn() && !NUMBERS.test(location.hostname);

/** A person who gave up, or a device that did, is as any other refusal. */
async function byPerson<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = 'The device gave no passkey: it was cancelled, took too long, or has none for this site.';
    throw new ApiError({ code: 'auth.passkey', message, status: 0, cause });
  }
}

/** Signs this login's challenge; for `POST /v1/admin/me/confirm`. Rejects with `ApiError`. */
export async function signWithPasskey(): Promise<PasskeyAnswer> {
  const init = { path: `${PATH}/challenge`, method: 'POST', interruptible: false } as const;
  const options: unknown = await call({ ...init, response: passkeyOptions });
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON;
  return passkeyAnswer.parse(await byPerson(() => startAuthentication({ optionsJSON })));
}

/** One's own passkeys. */
export const passkeysApi = {
  list: async (signal: AbortSignal): Promise<PasskeyView[]> =>
    (await call({ path: PATH, response: passkeyList, signal })).passkeys,
  /** Has the browser make one, and keeps it under this name. */
  add: async (name: string): Promise<z.infer<typeof passkeyAdded>> => {
    const options: unknown = await call({
      ...{ path: `${PATH}/options`, method: 'POST' },
      response: passkeyOptions,
    });
    const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON;
    const credential = passkeyCreated.parse(await byPerson(() => startRegistration({ optionsJSON })));
    return call({ path: PATH, method: 'POST', body: { name, credential }, response: passkeyAdded });
  },
  rename: (id: string, name: string): Promise<undefined> =>
    call({ path: `${PATH}/${id}/name`, method: 'POST', body: { name } }),
  remove: (id: string): Promise<undefined> => call({ path: `${PATH}/${id}`, method: 'DELETE' }),
};
