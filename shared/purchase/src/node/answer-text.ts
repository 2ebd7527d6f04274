import { BodyError } from './body.ts';

/** The text of an answer, at most `most` bytes; reading stops where there is more, which is a `BodyError`. */
export async function answerText(response: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > most) {
      throw new BodyError({
        code: 'body.too-large',
        message: `The answer is larger than ${most} bytes. Look at who gives it.`,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
