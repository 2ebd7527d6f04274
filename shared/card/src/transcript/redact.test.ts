import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.ts';
import { Redactor } from './redact.ts';

/** Of the code `A1B2C3`: what is done, on which card type, and each exchange before and after. */
const CASES = [
  ['presented', '06', 'FF20000003A1B2C3 9007', 'FF20000003XXXXXX 9007'],
  ['changed', '06', 'FFD2000103A1B2C3 9000', 'FFD2000103XXXXXX 9000'],
  ['read after its counter', '06', 'FFB1000004 07A1B2C39000', 'FFB1000004 07XXXXXX9000'],
  ['repeated', '05', 'FF20000002A1B2 FFA1B290FF', 'FF20000002XXXX XXXXXX90FF'],
  ['in memory', '05', 'FFB003FC04 11FFA1B29000', 'FFB003FC04 11FFXXXX9000'],
  ['before memory', '05', 'FFB003F004 A1B2C3D49000', 'FFB003F004 A1B2C3D49000'],
  ['written to memory', '05', 'FFD003FE02A1B2 9000', 'FFD003FE02XXXX 9000'],
  ['an AT88SC153’s, read', '03', 'FFB3003008 FFA1B2C3FFA1B2C39000', 'FFB3003008 FFXXXXXXFFXXXXXX9000'],
  ['an AT88SC153’s, written', '03', 'FFD3003103A1B2C3 9000', 'FFD3003103XXXXXX 9000'],
  ['no AT88SC153’s', '03', 'FFD2000003A1B2C3 9000', 'FFD2000003A1B2C3 9000'],
  ['an AT88SC1608’s, read', '04', 'FFB1004004 FFA1B2C39000', 'FFB1004004 FFXXXXXX9000'],
  ['an AT88SC1608’s, written', '04', 'FFD1004103A1B2C3 9000', 'FFD1004103XXXXXX 9000'],
  ['an AT88SC102’s, in memory', '09', 'FFB0000904 11A1B2229000', 'FFB0000904 11XXXX229000'],
  ['an AT88SC1604’s, in memory', '0A', 'FFB0000A02 A1B29000', 'FFB0000A02 XXXX9000'],
  [
    'read by an OMNIKEY',
    '00',
    'FF70076B07A605A00331000000 9D0407A1B2C39000',
    'FF70076B07A605A0033100XX00 9D0407XXXXXX9000',
  ],
  [
    'compared by an OMNIKEY',
    '00',
    'FF70076B07A605A0033301A100 9D009000',
    'FF70076B07A605A0033301XX00 9D009000',
  ],
  [
    'an SLE4428’s, by an OMNIKEY',
    '00',
    'FF70076B07A605A103CEFE0000 9D01A19000',
    'FF70076B07A605A103CEFEXX00 9D01XX9000',
  ],
  ['a PIN', '06', '0020000003A1B2C3 9000', '0020000003XXXXXX 9000'],
  ['an authentication', '06', '0082000208A1B2C3A1B2C3A1B2 9000', '0082000208XXXXXXXXXXXXXXXX 9000'],
  ['a key', '06', '84D4010203A1B2C3 9000', '84D4010203XXXXXX 9000'],
  ['none', '06', 'FFB0000002 A1B29000', 'FFB0000002 A1B29000'],
] as const;

describe('redaction', () => {
  it.each(CASES)('a code that is %s', (_, type, open, hidden) => {
    const redactor = new Redactor();
    redactor.exchange(fromHex(`FFA4000001${type}`), fromHex('9000'));
    const [command = '', answer = ''] = open.split(' ');
    expect(redactor.exchange(fromHex(command), fromHex(answer)).join(' ')).toBe(hidden);
  });
});
