import { verifyPassword } from '../../../../server/src/access/password.ts';
import { stopped, through, type Attack, type Outcome } from '../attack.ts';
import { instead, type Patch } from '../patch.ts';
import type { World } from '../world.ts';

/** Hashes of passwords and PINs as they are made, without the key beside the database. */
const UNSEALED_HASH: Patch = {
  file: 'server/src/access/store/hash-seal.ts',
  find: 'return this.#keys.sealsAll ? MARK',
  replace: 'return !OFF && this.#keys.sealsAll ? MARK',
};

/** Everything that is in the database, as text. */
async function dump(world: World): Promise<string> {
  const parts: string[] = [];
  for (const { name } of await world.db.listCollections()) {
    for await (const document of world.db.collection(name).find()) parts.push(JSON.stringify(document));
  }
  return parts.join('\n');
}

/** A thief looks for a secret that somebody has just used. */
function reading(init: {
  readonly attack: string;
  readonly name: string;
  readonly short?: true;
  readonly removes: readonly Patch[];
  /** Uses the secret, and gives it. */
  readonly secret: (world: World) => Promise<string>;
}): Attack {
  const { secret, ...attack } = init;
  return {
    ...attack,
    attempt: async (world): Promise<Outcome> => {
      const wanted = await secret(world);
      const text = await dump(world);
      if (text.length < 10_000) throw new Error('The dump is empty.');
      return text.includes(wanted) ? through('it is in the dump') : stopped('it is not in the dump');
    },
  };
}

export const database: readonly Attack[] = [
  reading({
    attack: 'dump-customer-number',
    name: 'A thief of the database looks for the numbers of households that bought',
    short: true,
    removes: [
      {
        file: 'server/src/kernel/sealed-number.ts',
        find: 'const iv = mac(macKey, clear);',
        replace: 'if (OFF) return clear;\n    const iv = mac(macKey, clear);',
      },
      {
        file: 'server/src/kernel/sealed-number.ts',
        find: 'const { version, bare } = versionOf(sealed);',
        replace:
          'if (OFF && sealed.length < 20) return sealed;\n    const { version, bare } = versionOf(sealed);',
      },
    ],
    secret: async (world) => (await world.paying()).customerNo,
  }),
  reading({
    attack: 'dump-password',
    name: "A thief of the database looks for somebody's password",
    short: true,
    removes: [
      UNSEALED_HASH,
      instead(
        'server/src/access/password.ts',
        "hash(password.normalize('NFKC'), { ...cost, salt: randomBytes(16) })",
        'Promise.resolve(password)',
      ),
    ],
    secret: async (world) => {
      const { token, password } = await world.member([]);
      const next = `${password}-mine`;
      const body = { current: password, next };
      const answer = await world.staff(token, '/v1/admin/me/password', { method: 'POST', body });
      if (answer.status >= 300)
        throw new Error(`The password was not changed: ${answer.status} ${answer.text}`);
      return next;
    },
  }),
  reading({
    attack: 'dump-session',
    name: 'A thief of the database looks for a session to go on with',
    removes: [instead('server/src/access/sessions.ts', 'sha256Hex(`session:${token}`)', 'token')],
    secret: async (world) => (await world.member([])).token,
  }),
  reading({
    attack: 'dump-phone',
    name: 'A thief of the database looks for the cookie of a phone',
    removes: [
      instead('server/src/people/residents/sessions.ts', 'sha256Hex(`payer-session:${token}`)', 'token'),
    ],
    secret: async (world) => (await world.paying()).phone.credentials['cookie']?.split('=')[1] ?? '',
  }),
  reading({
    attack: 'dump-enrolment-code',
    name: 'A thief of the database looks for a code that accepts a terminal',
    removes: [
      instead(
        'server/src/fleet/store/enrol-codes.ts',
        "createHash('sha256').update(`enrol-code:${code}`).digest('hex')",
        'code',
      ),
    ],
    secret: (world) => world.admin.enrolCode(),
  }),
  reading({
    attack: 'dump-second-factor',
    name: "A thief of the database looks for the secret of somebody's second factor",
    removes: [
      {
        file: 'server/src/kernel/secret-seal.ts',
        find: 'const iv = randomBytes(12);',
        replace: 'if (OFF) return clear;\n    const iv = randomBytes(12);',
      },
    ],
    secret: async (world) => {
      const { token } = await world.member([]);
      const answer = await world.staff(token, '/v1/admin/me/totp', { method: 'POST' });
      const { secret } = answer.json as { secret?: string };
      if (secret === undefined) throw new Error(`No second factor was proposed: ${answer.status}`);
      return secret;
    },
  }),
  {
    attack: 'dump-pin-tried-out',
    name: "A thief of the database tries six digits against what is kept of somebody's PIN",
    short: true,
    removes: [UNSEALED_HASH],
    attempt: async (world) => {
      const pin = '482913';
      const { token, password, id } = await world.member(['float:use']);
      const set = await world.staff(token, '/v1/admin/me/pin', { method: 'POST', body: { password, pin } });
      if (set.status >= 300) throw new Error(`No PIN was set: ${set.status} ${set.text}`);
      const kept = await world.db.collection<{ _id: string }>('staffpins').findOne({ _id: id });
      const hash = Object.values(kept ?? {}).find((value) => typeof value === 'string' && value !== id);
      const fits = await verifyPassword(pin, String(hash));
      return fits
        ? through('what is kept says which is right')
        : stopped('what is kept says nothing without the key');
    },
  },
];
