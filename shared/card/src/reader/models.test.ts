import { describe, expect, it } from 'vitest';
import { decodeDescriptor, encodeDescriptor, levelOf } from '../framing/ccid/descriptor.ts';
import { modelOf, modelOfName, READER_MODELS, trueDescriptor } from './models.ts';

describe('the table of readers', () => {
  it('has each id and each pair of numbers once', () => {
    const ids = READER_MODELS.map(({ id }) => id);
    const pairs = READER_MODELS.map(({ vendorId, productId }) => `${vendorId}:${productId}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it.each(READER_MODELS)('$id says where it is from, and how it is spoken to', (model) => {
    expect(model.source).toMatch(/^R:/);
    expect(model.transport === 'ccid-in-hid').toBe(model.hid !== undefined);
    for (const start of model.pcscNames ?? []) expect(start).toMatch(/^[a-z0-9]+$/);
    // What says nothing of its contacts must not be taken for wired.
    if (model.wiresC4C8 === true) expect(model.unconfirmed?.join()).toContain('wiresC4C8');
  });

  it.each([
    ['ACS ACR 38U-CCID 00 00', 'acr38u-ccid'],
    ['ACS ACR38U-CCID 00 00', 'acr38u-ccid'],
    ['ACS ACR38 USB Reader 0', 'acr38u-ccid'],
    ['ACS ACR38U 00 00', 'acr38u'],
    ['ACS ACR3801 00 00', 'acr3801'],
    ['ACS ACR39U ICC Reader 00 00', 'acr39u'],
    ['ACS ACR1281 1S Dual Reader 00 00', 'acr1281u'],
    ['HID Global OMNIKEY 3x21 Smart Card Reader [OMNIKEY 3x21] 00 00', 'omnikey-3x21'],
    ['OMNIKEY AG CardMan 3121 00 00', 'omnikey-3121'],
    ['OMNIKEY CardMan 3x21 0', 'omnikey-3121'],
    ['OMNIKEY AG 3121 USB 00 00', 'omnikey-3121-usb'],
    ['HID Global OMNIKEY 6121 Smart Card Reader 00 00', 'omnikey-6121'],
    ['OMNIKEY AG CardMan 6121 00 00', 'omnikey-6121-cardman'],
    ['Some other reader', 'pcsc'],
  ])('knows %s', (name, id) => {
    expect(modelOfName(name).id).toBe(id);
  });

  it('takes a reader that it does not know for one that drives no memory cards', () => {
    const model = modelOf({ vendorId: 1, productId: 2, product: 'Thing' });
    expect(model).toEqual({ id: 'ccid', name: 'Thing', vendorId: 1, productId: 2 });
    expect(modelOf({ vendorId: 0x076b, productId: 0x3021 }).memoryDialect).toBe('omnikey');
  });

  it('corrects the level where a descriptor does not tell the truth, and nothing else', () => {
    // dwFeatures of readers/CardMan3121.txt, as an older firmware of the 3x21 might say.
    const said = decodeDescriptor(
      encodeDescriptor({
        slots: 1,
        voltages: 7,
        protocols: 3,
        features: 0x2_05b2,
        maxMessage: 271,
        maxIfsd: 254,
      }),
    );
    const chained = trueDescriptor(said, modelOf({ vendorId: 0x076b, productId: 0x3031 }));
    expect([levelOf(said), levelOf(chained)]).toEqual(['short-apdu', 'extended-apdu']);
    expect(chained).toEqual({ ...said, features: 0x4_05b2 });
    expect(trueDescriptor(said, modelOf({ vendorId: 0x076b, productId: 0x3021 }))).toBe(said);
  });
});
