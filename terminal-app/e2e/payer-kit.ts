import { afterEach, beforeEach } from 'vitest';
import { PayerPage } from './payer-page.ts';
import { onRealStack, pictureOfFailure, type RealStack } from './real-stack.ts';

/** A resident's phone that was never here, and all around it. */
export interface AtPhone extends RealStack {
  readonly phone: PayerPage;
}

/** Each test of a file is one person with a phone of their own. */
export function atPhone(shots: string): () => AtPhone {
  let on: RealStack | undefined;
  let at: AtPhone | undefined;
  const begun = (): AtPhone => {
    if (at === undefined) throw new Error('Nobody has a phone yet.');
    return at;
  };
  onRealStack(shots, (real) => {
    on = real;
  });
  beforeEach(async () => {
    if (on === undefined) throw new Error('No stack has been started.');
    at = { ...on, phone: await PayerPage.open(on.browser, on.stack.urls.webUrl) };
  });
  afterEach(async ({ task }) => {
    const { phone } = begun();
    await pictureOfFailure(phone.page, task, shots);
    await phone.close();
  });
  return begun;
}
