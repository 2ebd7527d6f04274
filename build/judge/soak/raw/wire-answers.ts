/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Its beginning: enough of it to read a problem. */
  readonly body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
/** Of a body that much is kept. */
const KEPT_BYTES = 4096;

/**
 * Reads HTTP answers off a connection, one after the other. Only what a server of ours may send: a length, chunks, or a body that ends
 * with the connection. Pure.
 */
export class WireAnswers {
  #rest: Buffer = Buffer.alloc(0);
  #methods: string[];
  /** What its length is not known of: it ends with the connection. */
  #open: { head: Pick<WireAnswer, 'status' | 'contentType'> } | undefined;

  /** `methods`: of the requests that were sent, in their order. An answer to a HEAD has no body. */
  constructor(methods: readonly string[]) {
    this.#methods = [...methods];
  }

  /** Whole answers so far. What is no answer, or more than was asked for, is thrown. */
  push(bytes: Buffer): WireAnswer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const found: WireAnswer[] = [];
    for (;;) {
      const answer = this.#next();
      if (answer === undefined) return found;
      found.push(answer);
    }
  }

  /** The one whose body ended with the connection. */
  end(): WireAnswer | undefined {
    const open = this.#open;
    return open === undefined ? undefined : { ...open.head, body: textOf(this.#rest) };
  }

  #next(): WireAnswer | undefined {
    if (this.#open !== undefined || this.#rest.length === 0) return undefined;
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const text = this.#rest.subarray(0, end).toString('latin1');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`No answer begins with ${JSON.stringify(text.slice(0, 40))}.`);
    const contentType = headerIn(text, 'content-type') ?? '';
    const head = { status, contentType };
    const from = end + HEAD_END.length;
    // Provisional, or another protocol from here on.
    if (status === 101) throw new Error('It speaks another protocol now.');
    if (status < 200) {
      this.#rest = this.#rest.subarray(from);
      return this.#next();
    }
    const method = this.#methods.shift() ?? 'GET';
    const bodyless = method === 'HEAD' || status === 204 || status === 304;
    const ending = bodyless ? { body: '', to: from } : this.#body(text, from);
    if (ending === 'open') {
      this.#open = { head };
      this.#rest = this.#rest.subarray(from);
      return undefined;
    }
    if (ending === undefined) {
      this.#methods.unshift(method);
      return undefined;
    }
    this.#rest = this.#rest.subarray(ending.to);
    return { ...head, body: ending.body };
  }

  /** The body and where it ends; undefined while it is not whole. */
  #body(head: string, from: number): { body: string; to: number } | 'open' | undefined {
    const length = headerIn(head, 'content-length');
    if (length !== undefined) {
      const to = from + Number(length);
      return this.#rest.length < to ? undefined : { body: textOf(this.#rest.subarray(from, to)), to };
    }
    return headerIn(head, 'transfer-encoding') === 'chunked' ? this.#chunks(from) : 'open';
  }

  #chunks(from: number): { body: string; to: number } | undefined {
    const parts: Buffer[] = [];
    let at = from;
    for (;;) {
      const line = this.#rest.indexOf(LINE_END, at);
      if (line < 0) return undefined;
      const size = Number.parseInt(this.#rest.subarray(at, line).toString('latin1'), 16);
      const begin = line + LINE_END.length;
      at = begin + size + LINE_END.length;
      if (this.#rest.length < at) return undefined;
      if (size === 0) return { body: textOf(Buffer.concat(parts)), to: at };
      parts.push(this.#rest.subarray(begin, begin + size));
    }
  }
}

function headerIn(head: string, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)?.[1];
}

function textOf(bytes: Buffer): string {
  return bytes.subarray(0, KEPT_BYTES).toString('utf8');
}
