import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { signer, type ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { stopped, through, type Attack } from '../attack.ts';
import { always, type Patch } from '../patch.ts';
import { kioskAsks, onKiosk } from './kiosk.ts';
import { TOO_FEW } from './signatures.ts';

/** A kiosk is given layouts by which it must not read cards. */
function given(init: {
  readonly attack: string;
  readonly name: string;
  readonly removes: readonly Patch[];
  /** `used`: those that it reads by; null: it was born with them. */
  readonly make: (signers: ReleaseSigners) => { readonly used: string | null; readonly layouts: string };
}): Attack {
  const { make, ...attack } = init;
  return onKiosk(attack, async (world, signers) => {
    const { used, layouts } = make(signers);
    const init = { born: [signers.document], kept: { used, next: null }, given: { layouts } };
    const kept = (await kioskAsks(world, init)).layouts;
    return kept?.used === layouts || kept?.next === layouts
      ? through('the kiosk reads cards by them')
      : stopped('the kiosk reads cards as before');
  });
}

export const layouts: readonly Attack[] = [
  given({
    attack: 'layouts-forged',
    name: 'A server that was taken over gives card layouts that one of the signers and a stranger have signed',
    removes: [TOO_FEW],
    make: (signers) => ({
      used: null,
      layouts: signers.signLayouts({ ...BOTH_MAKERS, version: 9 }, { by: [signers.three[0], signer()] }),
    }),
  }),
  given({
    attack: 'layouts-older',
    name: 'A server that was taken over gives card layouts of before, which were wrong',
    removes: [always('shared/purchase/src/node/signed-layouts.ts', 'next.version > kept.version')],
    make: (signers) => ({
      used: signers.signLayouts({ ...BOTH_MAKERS, version: 9 }),
      layouts: signers.signLayouts({ ...BOTH_MAKERS, version: 8 }),
    }),
  }),
];
