import { describe, it } from 'vitest';
import { pcscStack } from '../testing/node/sim-pcsc-rig.ts';
import { inChild } from '../testing/node/sim-slots-rig.ts';
import { SLOT_CONTRACT } from '../testing/slot-contract.ts';
import { SLOT_STACKS } from '../testing/slot-contract-stacks.ts';
import { T0_ATR, T1_ATR } from '../testing/sim-reader-rig.ts';

describe.each([...SLOT_STACKS, pcscStack, ...SLOT_STACKS.map(inChild)])(
  'on $name',
  ({ make, onlyT0 = false }) => {
    describe.each([['T=0', T0_ATR], ...(onlyT0 ? [] : [['T=1', T1_ATR] as const])] as const)(
      'a card of %s',
      (_, atr) => {
        it.each(SLOT_CONTRACT)('$name', async ({ needs, run }) => {
          const rig = await make();
          if (needs !== undefined && rig[needs] === undefined) return;
          await run(rig, atr);
        });
      },
    );
  },
);
