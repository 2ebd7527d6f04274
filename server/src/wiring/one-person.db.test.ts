import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FreshAccess } from '../testing/fresh-access.ts';
import { ACT_NAMES, OnePerson, type Act } from '../testing/one-person.ts';

let fixture: FreshAccess;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());

const act = fc.tuple(fc.constantFrom(...ACT_NAMES), fc.nat(7), fc.nat(7));

/** Shuts everybody else out (boris, carla, dan; eve is the fourth by name), makes a puppet and allows a top-up as it. */
const ATTACK: Act[] = [
  ['disable', 0, 0],
  ['disable', 0, 1],
  ['disable', 0, 2],
  ['create', 0, 0],
  ['topUp', 0, 0],
  ['decide', 1, 0],
];
const PATIENT: Act[] = [...ATTACK.slice(0, 5), ['wait', 0, 0], ['decide', 1, 0], ['decide', 1, 1]];

it('one administrator alone moves no money, gives no right and lets nobody in, whatever they do in eight steps', async () => {
  const world = new OnePerson(fixture);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 8 }), async (acts) => {
      await world.begin();
      const before = await world.facts();
      for (const each of acts) await world.act(each);
      const after = await world.facts();
      expect(after).toMatchObject({ money: before.money, roles: before.roles });
      // Somebody may be shut out. Nobody is new, and nobody has another role or organisation.
      expect(before.users).toMatchObject(after.users);
      // Boris could always still say no.
      expect(after.users).toHaveProperty('boris');
    }),
    { examples: [[ATTACK], [PATIENT]] },
  );
});
