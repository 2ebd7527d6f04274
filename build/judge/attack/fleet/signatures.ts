import { never, type Patch } from '../patch.ts';

/** How many of the signers must have signed whatever they sign. */
export const TOO_FEW: Patch = never(
  'shared/purchase/src/node/co-signed.ts',
  'signersIn(read, init).length < init.threshold',
);
