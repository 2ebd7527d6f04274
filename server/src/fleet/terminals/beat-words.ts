import { heartbeat, type Heartbeat } from '@bianmin/purchase/api/heartbeat';
import { parseBody } from '../../web/body.ts';
import { validateRequest } from '../../web/validate.ts';

/** Of longer words few are alike. */
const LONGEST_BYTES = 1024;
/** A province's terminals differ by reader, version and room on the disk in steps. */
const KNOWN_MAX = 10_000;

/**
 * What beats say. A terminal mostly says what it said before, and what many others say: such words are known by their spelling and
 * not looked through again.
 */
export class BeatWords {
  readonly #known = new Map<string, Heartbeat>();

  /** Throws `request.malformed` or `request.unsupported-media`. */
  read(contentType: string | undefined, body: Buffer): Heartbeat {
    if (contentType !== 'application/json' || body.length > LONGEST_BYTES) return parsed(contentType, body);
    // Of bytes, not of characters: what is not UTF-8 has a spelling, too.
    const spelling = body.toString('latin1');
    const known = this.#known.get(spelling);
    if (known !== undefined) return known;
    const said = parsed(contentType, body);
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(spelling, said);
    return said;
  }
}

function parsed(contentType: string | undefined, body: Buffer): Heartbeat {
  const { body: said } = validateRequest(
    { body: heartbeat },
    { params: undefined, query: undefined, body: parseBody(contentType, body) },
  );
  return said as Heartbeat;
}
