import { sm2PublicOf, type Sm2Public } from './wire/sm2.ts';

/** The grid's key; what its next one signed is good too, so that it can change keys without a moment that both ends agree on. */
export function gridKeyOf(init: { gridPublicKey: string; nextGridPublicKey?: string }): Sm2Public {
  const { gridPublicKey, nextGridPublicKey } = init;
  return sm2PublicOf(nextGridPublicKey === undefined ? [gridPublicKey] : [gridPublicKey, nextGridPublicKey]);
}
