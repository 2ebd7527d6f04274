/** BSON's types by the byte that stands before a field's name (bsonspec.org, version 1.1). */
const TYPES = {
  double: 0x01,
  text: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  date: 0x09,
  int32: 0x10,
  int64: 0x12,
} as const;
/** Bytes of a value whose type says it; of the others the value itself begins with its length. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [TYPES.double, 8],
  [0x07, 12], // an object's id
  [0x08, 1], // true or false
  [TYPES.date, 8],
  [0x0a, 0], // null
  [TYPES.int32, 4],
  [TYPES.int64, 8],
]);

/**
 * Some fields of a stored document, found where its bytes lie and read when they are asked for: nothing is made of the
 * others. What is absent, null or of another type reads as undefined.
 */
export class DocumentFields<Name extends string> {
  readonly #places = new Map<string, number>();
  readonly #names: readonly Uint8Array[];
  /** Where the value of each begins, and of which type it is: 0 where there is none. */
  readonly #at: Int32Array;
  readonly #types: Uint8Array;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(names: readonly Name[]) {
    for (const [place, name] of names.entries()) this.#places.set(name, place);
    this.#names = names.map((name) => Buffer.from(name, 'latin1'));
    this.#at = new Int32Array(names.length);
    this.#types = new Uint8Array(names.length);
  }

  /** Looks at the document that begins at `start`. Throws where it has what orders never have. */
  look(bytes: Buffer, start = 0): void {
    this.#bytes = bytes;
    this.#types.fill(0);
    const end = start + bytes.readInt32LE(start) - 1;
    for (let at = start + 4; at < end;) {
      const type = bytes[at] as number;
      const name = at + 1;
      const nameEnd = bytes.indexOf(0, name);
      at = nameEnd + 1;
      const place = this.#placeOf(name, nameEnd);
      if (place !== -1) {
        this.#at[place] = at;
        this.#types[place] = type;
      }
      at += bytesOf(type, bytes, at);
    }
  }

  text(name: Name): string | undefined {
    const at = this.#valueOf(name, TYPES.text);
    return at === undefined
      ? undefined
      : this.#bytes.toString('utf8', at + 4, at + 3 + this.#bytes.readInt32LE(at));
  }

  /** A number of whichever type a whole number was stored as. */
  number(name: Name): number | undefined {
    const place = this.#places.get(name) as number;
    const [bytes, at] = [this.#bytes, this.#at[place] as number];
    switch (this.#types[place]) {
      case TYPES.int32:
        return bytes.readInt32LE(at);
      case TYPES.double:
        return bytes.readDoubleLE(at);
      case TYPES.int64:
        return Number(bytes.readBigInt64LE(at));
      default:
        return undefined;
    }
  }

  /** A moment in ms since the epoch. */
  time(name: Name): number | undefined {
    const at = this.#valueOf(name, TYPES.date);
    return at === undefined
      ? undefined
      : this.#bytes.readInt32LE(at + 4) * 2 ** 32 + this.#bytes.readUInt32LE(at);
  }

  /** Where an embedded document begins, to look at it. */
  document(name: Name): number | undefined {
    return this.#valueOf(name, TYPES.document);
  }

  /** Where each document of an array begins; an array of anything else has none. */
  documents(name: Name): readonly number[] | undefined {
    const start = this.#valueOf(name, TYPES.array);
    if (start === undefined) return undefined;
    const bytes = this.#bytes;
    const end = start + bytes.readInt32LE(start) - 1;
    const found: number[] = [];
    for (let at = start + 4; at < end;) {
      const type = bytes[at] as number;
      at = bytes.indexOf(0, at + 1) + 1;
      if (type === TYPES.document) found.push(at);
      at += bytesOf(type, bytes, at);
    }
    return found;
  }

  #valueOf(name: Name, type: number): number | undefined {
    const place = this.#places.get(name) as number;
    return this.#types[place] === type ? this.#at[place] : undefined;
  }

  #placeOf(from: number, to: number): number {
    const [bytes, names] = [this.#bytes, this.#names];
    for (let place = 0; place < names.length; place += 1) {
      const name = names[place] as Uint8Array;
      if (name.length !== to - from) continue;
      let same = 0;
      while (same < name.length && name[same] === bytes[from + same]) same += 1;
      if (same === name.length) return place;
    }
    return -1;
  }
}

function bytesOf(type: number, bytes: Buffer, at: number): number {
  const fixed = FIXED_BYTES.get(type);
  if (fixed !== undefined) return fixed;
  if (type === TYPES.document || type === TYPES.array) return bytes.readInt32LE(at);
  if (type === TYPES.text) return 4 + bytes.readInt32LE(at);
  if (type === TYPES.binary) return 5 + bytes.readInt32LE(at);
  throw new Error(`A stored document has a field of BSON's type ${type}, which nothing here stores.`);
}
