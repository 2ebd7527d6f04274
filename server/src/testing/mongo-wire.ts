import { mongo } from 'mongoose';

/** MongoDB's wire protocol as far as a proxy must understand it: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */

const OP_REPLY = 1;
/** The first hello of a connection comes in it. */
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Of OP_MSG: nothing answers. */
const MORE_TO_COME = 2;
/** Of OP_REPLY: flags, cursor, first and number. */
const REPLY_HEAD_BYTES = 20;

/** Cuts what arrives into messages, each with its header. */
export class WireFrames {
  #rest: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const whole: Buffer[] = [];
    while (this.#rest.length >= HEADER_BYTES && this.#rest.length >= this.#rest.readInt32LE(0)) {
      const length = this.#rest.readInt32LE(0);
      whole.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
    return whole;
  }
}

export interface Command {
  /** `find`, `update`, `hello`… */
  readonly name: string;
  /** Without the documents that an insert, update or delete carries beside it. */
  readonly document: mongo.Document;
  readonly answered: boolean;
}

/** What a driver asks. */
export function commandOf(message: Buffer): Command {
  const document = documentIn(message, message.readInt32LE(12) === OP_QUERY ? afterName(message) + 8 : 21);
  const answered = message.readInt32LE(12) === OP_QUERY || (message.readInt32LE(16) & MORE_TO_COME) === 0;
  return { name: Object.keys(document)[0] ?? '', document, answered };
}

/** What a server answers. */
export function replyOf(message: Buffer): mongo.Document {
  return documentIn(message, message.readInt32LE(12) === OP_REPLY ? HEADER_BYTES + REPLY_HEAD_BYTES : 21);
}

/** This document as the answer to that message, in the form that it was asked in. */
export function replyTo(asked: Buffer, document: mongo.Document): Buffer {
  const body = Buffer.from(mongo.BSON.serialize(document));
  const old = asked.readInt32LE(12) === OP_QUERY;
  // OP_MSG: no flags, and one section of the kind "a document".
  const head = Buffer.alloc(HEADER_BYTES + (old ? REPLY_HEAD_BYTES : 5));
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(asked.readInt32LE(4), 8);
  head.writeInt32LE(old ? OP_REPLY : OP_MSG, 12);
  if (old) head.writeInt32LE(1, HEADER_BYTES + 16);
  return Buffer.concat([head, body]);
}

/** Of OP_QUERY: flags, the collection's name ended by 0, then what to skip and to return. */
const afterName = (message: Buffer): number => message.indexOf(0, HEADER_BYTES + 4) + 1;

function documentIn(message: Buffer, at: number): mongo.Document {
  return mongo.BSON.deserialize(message.subarray(at, at + message.readInt32LE(at)), {
    promoteLongs: false,
    promoteBuffers: false,
  });
}
