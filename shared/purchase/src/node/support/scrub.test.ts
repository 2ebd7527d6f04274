import { describe, expect, it } from 'vitest';
import { supportLog } from './log-lines.ts';
import { scrubLabel, scrubText } from './scrub.ts';
import { settingsOf } from './settings.ts';

/** Random ones that have no digit by chance, and whatever else a first look would take for words. */
const HARD: Readonly<Record<string, string>> = {
  'phone in groups': '138-9988-7766',
  'phone with a country': '+86 138 9988 7766',
  'phone with dots': '138.9988.7766',
  'customer number in groups': '6501 9988 7766',
  'ID number in groups': '652901-19900101-1234',
  'code of a chip': 'A1B2C3',
  'code of a chip, lower': 'a1b2c3',
  'code of a chip in capitals': 'FFFFFF',
  'code of a chip in pairs': 'A1 B2 C3',
  'code of a chip, bytes': '161, 178, 195',
  'code of a chip as C writes it': '0xA1, 0xB2, 0xC3',
  'code of a chip as JSON of bytes': '{"0":161,"1":178,"2":195}',
  'enrolment code without a digit': 'QWERTYKMNBVC',
  'receipt code without a digit': 'PLAN-TEDR-ECEA-PTBB',
  'recovery code without a digit': 'plant-edrec-overy-coder',
  'link without a digit': 'AbQzKdLwPsVnRtYbMcXeGh',
  'name as JSON escapes it': String.raw`\u53e4\u4e3d\u5a1c`,
  'name as an address has it': '%E5%8F%A4%E4%B8%BD',
  'name as a page has it': '&#21476;&#20029;',
  'customer number in a code': 'CUSTOMER_650199887766',
  'key in a code': 'KEY_5E5EC2E7A1B2C3D4E5F60718293A4B5C',
  'key without its header': 'Pl4nted/'.repeat(8),
  'key in base64': 'q83vASNFZ4mrze8BI0VniavN7/8BI0Vn+A==',
  mail: 'gulnar@example.com',
  'name of a folder': '/home/gulnar/kiosk',
  'password of a form': 'password=opensesame',
  'password in JSON': '"pin":"12345"',
  'password of an address with blanks': 'mongodb://bianmin:open sesame@db.example/x',
  'password of an address with a quote': 'mongodb://bianmin:open"sesame@db.example/x',
  'password with a slash': 'redis://:open/sesame@db.example:6379',
  'basic credentials': 'Basic YmlhbmlpbjpwdwAA',
};
/** What must not be left of them. */
const LEFT =
  /sesame|gulnar|\d{3}[ .-]\d{4}|[aA]1|FFF|161|0xA|QWER|PLAN|TEDR|plant|AbQz|u53|E5|21476|6501|5E5E|Pl4|q83v|12345|Ymlh|652901/u;

const PEM = `-----BEGIN PRIVATE KEY-----\n${'Pl4nted/'.repeat(8)}\n-----END PRIVATE KEY-----\n`;
/** As they turn up in sentences of libraries. */
const SECRETS: Readonly<Record<string, string>> = {
  link: 'https://pay.example/p/pl4nted_Link-abcdefghi',
  code: 'weixin://wxpay/bizpayurl?pr=pl4nted',
  token: `eyJhbGciOiJFUzI1NiJ9.${'k'.repeat(29)}.pl4nted_Sign`,
  recovery: 'pl4nt-edrec-overy-c0de1',
  receipt: 'PL4N-TEDR-ECE1-PT00',
  pin: '918273',
  name: '古丽娜尔·买买提',
  nameInUyghur: 'گۈلنار مەمەت',
  idNumber: '652901199001011234',
  customerNo: '650199887766',
  phone: '13899887766',
  openId: 'oPl4ntedOpenIdOfAPayer12345',
  cardCode: 'FA57C0DE5EC2E7',
  key: '5e'.repeat(16),
  pem: PEM,
};

describe('a text that leaves the machine', () => {
  it.each(Object.entries(SECRETS))('holds no %s, alone, in a sentence or in JSON', (_, secret) => {
    for (const text of [secret, `it said ${secret}, and no more`, JSON.stringify({ deep: [secret] })]) {
      const said = scrubText(text);
      for (const part of secret.split(/[\s:/?=.·]+/u).filter((each) => /\d|[^\x20-\x7e]/u.test(each))) {
        expect(said).not.toContain(part);
      }
    }
  });

  it.each(Object.entries(HARD))('holds no %s', (_, secret) => {
    for (const text of [secret, `it said ${secret}, and no more`, `(${secret})`, `what: ${secret}`]) {
      expect(scrubText(text)).not.toMatch(LEFT);
      expect(scrubText(scrubText(text))).toBe(scrubText(text));
    }
  });

  it('holds no digit of what has eight and more, however they are grouped', () => {
    for (const gap of [' ', '-', '.', '  ', ' - ', '/', ',', '_']) {
      for (const sizes of [
        [3, 4, 4],
        [4, 4, 4],
        [2, 2, 2, 2],
        [6, 8, 4],
      ]) {
        // Four small ones between dots are an address of a network.
        if (gap === '.' && sizes.length === 4) continue;
        const number = sizes.map((size) => '73917391'.slice(0, size)).join(gap);
        expect([gap, number, scrubText(`from ${number}`).match(/\d{2}/u)]).toEqual([gap, number, null]);
      }
    }
  });

  it('takes no longer for a long text than for many short ones', () => {
    for (const text of ['a'.repeat(200_000), '1'.repeat(200_000), '-'.repeat(200_000), '%'.repeat(200_000)]) {
      const from = performance.now();
      supportLog([JSON.stringify({ message: text })], { most: 1 });
      expect(performance.now() - from).toBeLessThan(2_000);
    }
  });

  it('holds no secret that it was told of, whatever its look', () => {
    const secret = 'correct horse battery';
    expect(scrubText(`with ${secret} it opens`, [secret])).toBe('with … it opens');
    expect(scrubText('mongodb://bianmin:a/p@ss@db.example:27017/x?tls=true')).toBe(
      'mongodb://db.example:27017/…',
    );
  });

  it('says what happened', () => {
    for (const text of [
      'connect ECONNREFUSED 127.0.0.1:27017',
      'order 260301100000000001 could not be looked after',
      'order 260301100000000001, 3 tries',
      'journal.not-durable in kiosk 0.12.3 on v24.3.0',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      '/v1/admin/terminals/:id/commands',
      'NotWritablePrimary at 2026-03-01 10:11:12 of 192.168.100.200:27017',
      'READONLY You can not write against a read only replica',
      'node_modules/@bianmin/card/src/reader/levels/answer-length.ts',
      'AcsReader answered 6300 after 1200 ms, try 2 of 3 (SLE4442)',
      'https://pay.example:8443',
    ]) {
      expect(scrubText(text)).toBe(text);
      expect(scrubLabel(text)).toBe(text);
    }
  });
});

describe('what something is called', () => {
  it('stays where it is a model, a version or a list of ours', () => {
    for (const text of [
      'Android 5.1.1 (22) Hisilicon Hi3798MV100',
      'linux 6.1.0-18-amd64 x64',
      'Windows_NT 10.0.22631 x64',
      '072F:90CC ACS CCID USB Reader',
      '118.0.5993.159',
      '0012-keys-in-versions',
      'AT88SC1608',
      'MiTV4-ANSM0',
      'orders_2024: createdAt, _id',
    ]) {
      expect(scrubLabel(text)).toBe(text);
    }
  });

  it.each(Object.entries({ ...SECRETS, ...HARD }).filter(([of]) => !of.includes('without a digit')))(
    'holds no %s',
    (_, secret) => {
      const said = scrubLabel(`it is ${secret}`);
      expect(said).not.toMatch(LEFT);
      expect(said).not.toMatch(/pl4nted|918273|887766|FA57C0|5e5e|[^\n\x20-\x7e…]/u);
    },
  );
});

describe('lines of a log', () => {
  it('keep the fields that say what happened, and no other', () => {
    const line = {
      '@timestamp': '2026-03-01T00:00:00.000Z',
      ...{ 'log.level': 'warn', message: 'it failed', 'trace.id': 'ab'.repeat(16) },
      ...{ 'bianmin.orderNo': '260301100000000001', 'bianmin.customer': 'Anna', 'error.stack_trace': 'at x' },
    };
    expect(
      supportLog(['half a li', JSON.stringify(line), '[]'], { most: 5 }).map(
        (each) => JSON.parse(each) as unknown,
      ),
    ).toEqual([
      {
        '@timestamp': '2026-03-01T00:00:00.000Z',
        ...{ 'log.level': 'warn', message: 'it failed', 'trace.id': 'ab'.repeat(16) },
        'bianmin.orderNo': '260301100000000001',
      },
    ]);
  });

  it('have no secret in the place of a trace', () => {
    const key = '5e'.repeat(16);
    const kept = supportLog([JSON.stringify({ 'trace.id': key })], { most: 1, secrets: [key] });
    expect(kept).toEqual(['{"trace.id":"…"}']);
  });

  it('have no number but counts as it is', () => {
    const line = { 'event.duration': 123_456_789, 'bianmin.code': 918_273, 'bianmin.wrong': 12 };
    const kept = supportLog([JSON.stringify(line)], { most: 1 }).map((each) => JSON.parse(each) as unknown);
    expect(kept).toEqual([{ 'event.duration': 123_456_789, 'bianmin.code': '…', 'bianmin.wrong': 12 }]);
  });

  it('are the newest, and no more than fit', () => {
    const long = 'word '.repeat(36);
    const lines = Array.from({ length: 2_000 }, (_, n) =>
      JSON.stringify({ message: long, 'bianmin.skewMs': n }),
    );
    const kept = supportLog(lines, { most: 2_000 });
    expect(JSON.stringify(kept).length).toBeLessThan(125_000);
    expect(kept.at(-1)).toContain('1999');
  });
});

describe('settings', () => {
  it('are named, and none shows a secret', () => {
    const given = {
      ...{ PORT: 8080, LOG_LEVEL: 'info', TOKEN_SECRET: 'ab'.repeat(32), ENROL_CODE: 'CODE-1234' },
      ...{
        MONGODB_URI: 'mongodb://u:pw@a:1,b:2/x',
        HELP_PHONE: '95598',
        RULES: { wechat: 1 },
        ABSENT: undefined,
      },
    };
    expect(settingsOf(given).map(({ name, value }) => [name, value])).toEqual([
      ['PORT', '8080'],
      ['LOG_LEVEL', 'info'],
      ['TOKEN_SECRET', null],
      ['ENROL_CODE', null],
      ['MONGODB_URI', 'mongodb://a:1,b:2/…'],
      ['HELP_PHONE', '95598'],
      ['RULES', null],
    ]);
  });
});
