import { expect, it } from 'vitest';
import { answerText } from './answer-text.ts';

it('reads an answer to its bound and no further', async () => {
  let given = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += 1;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  await expect(answerText(new Response(endless), 10_000)).rejects.toMatchObject({ code: 'body.too-large' });
  expect(given).toBeLessThan(20);
  expect(await answerText(new Response('电'), 3)).toBe('电');
  expect(await answerText(new Response(null), 3)).toBe('');
});
