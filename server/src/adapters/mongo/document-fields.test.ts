import fc from 'fast-check';
import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { DocumentFields } from './document-fields.ts';

const { BSON } = mongo;
const NAMES = ['_id', 'no', 'fen', 'at', 'sale', 'refunds'] as const;

const bytesOf = (document: object): Buffer => Buffer.from(BSON.serialize(document));

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.date({ noInvalidDate: true }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => new BSON.Binary(bytes)),
  fc.constant(new BSON.ObjectId('0123456789abcdef01234567')),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((whole) => BSON.Long.fromBigInt(whole)),
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.record({ no: text, fen: fc.integer() }), { maxLength: 3 }),
  fc.record({ no: text, at: fc.date({ noInvalidDate: true }) }),
);
const name = fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom('f', 'fenn', 'feN', 'other', '售电', '_i'));
const document = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 12 });

describe('fields of a stored document', () => {
  it('read as the whole document decoded has them, whatever stands beside them', () => {
    const fields = new DocumentFields(NAMES);
    fc.assert(
      fc.property(document, (entries) => {
        const bytes = bytesOf(Object.fromEntries(entries));
        const whole = BSON.deserialize(bytes) as Record<string, unknown>;
        fields.look(bytes);
        for (const each of NAMES) {
          const known = whole[each];
          expect(fields.text(each)).toEqual(typeof known === 'string' ? known : undefined);
          expect(fields.time(each)).toEqual(known instanceof Date ? known.getTime() : undefined);
          const number = known instanceof BSON.Long ? Number(known.toBigInt()) : known;
          expect(fields.number(each)).toEqual(typeof number === 'number' ? number : undefined);
          const documents = Array.isArray(known) ? known.filter((one) => typeof one === 'object') : undefined;
          expect(fields.documents(each)?.length).toBe(documents?.length);
        }
      }),
    );
  });

  it('of documents in it are looked at where they begin', () => {
    const [order, refund] = [new DocumentFields(['refunds', 'sale']), new DocumentFields(['no', 'fen'])];
    const bytes = bytesOf({ refunds: [{ no: 'r1', fen: 1 }, { no: 'r2' }], sale: { no: 's', fen: 2 ** 40 } });
    order.look(bytes);
    const read = (start: number): unknown[] => {
      refund.look(bytes, start);
      return [refund.text('no'), refund.number('fen')];
    };
    expect(order.documents('refunds')?.map(read)).toEqual([
      ['r1', 1],
      ['r2', undefined],
    ]);
    expect(read(order.document('sale') ?? -1)).toEqual(['s', 2 ** 40]);
    expect(order.document('refunds')).toBeUndefined();
  });

  it('of the document before are forgotten', () => {
    const fields = new DocumentFields(['no']);
    fields.look(bytesOf({ no: 'one' }));
    fields.look(bytesOf({}));
    expect(fields.text('no')).toBeUndefined();
  });

  it('are refused beside a type that nothing here stores', () => {
    const fields = new DocumentFields(['no']);
    expect(() => fields.look(bytesOf({ rule: /a/u, no: 'one' }))).toThrow('type 11');
  });
});
