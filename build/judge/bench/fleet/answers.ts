/** What a load generator wants to know of an answer. */
export interface Answer {
  readonly status: number;
  /** Seconds; null where the server did not say. */
  readonly retryAfterS: number | null;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * Reads HTTP/1.1 answers off a connection, for a generator that shares its two cores with the server: no more of the
 * protocol than our servers speak, bodies by `Content-Length` alone.
 */
export class AnswerReader {
  #text = '';

  /** The answers that are whole by now. Throws where an answer has a body whose length it does not say. */
  push(chunk: Buffer): Answer[] {
    this.#text += chunk.toString('latin1');
    const answers: Answer[] = [];
    for (let answer = this.#take(); answer !== undefined; answer = this.#take()) answers.push(answer);
    return answers;
  }

  #take(): Answer | undefined {
    const end = this.#text.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const head = this.#text.slice(0, end);
    const status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined && status !== 204)
      throw new Error(`An answer ${status} does not say its length.`);
    const bodyAt = end + HEAD_END.length;
    const after = bodyAt + Number(length ?? 0);
    if (this.#text.length < after) return undefined;
    const body = this.#text.slice(bodyAt, after);
    this.#text = this.#text.slice(after);
    const retryAfter = status < 400 ? undefined : /\r\nretry-after: *(\d+)/i.exec(head)?.[1];
    return { status, retryAfterS: retryAfter === undefined ? null : Number(retryAfter), body };
  }
}
